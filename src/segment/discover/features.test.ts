import { afterAll, beforeAll, expect, test } from 'vitest';
import { hexOf } from '../../kernel/key64.ts';
import { sql } from '../../kernel/sql.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents, PEOPLE, personOf } from '../fixture-events.ts';
import { describedFeatures, featureWords } from './feature-words.ts';
import { featureRows } from './features.sql.ts';
import { parseSegmentation } from './segmentation.ts';

const window = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
let warehouse: Warehouse;
let close: () => Promise<void>;

beforeAll(async () => {
  const opened = await openEvents();
  ({ warehouse, close } = opened);
  const bought = (user: string, day: string, price: unknown, category: string) => ({
    user,
    at: `2026-11-${day}T00:00:00.000Z`,
    event: 'Bought',
    properties: { cart: { price }, category },
  });
  await opened.store([
    bought('ann', '02', 10, 'tea'),
    bought('ann', '18', 30, 'tea'),
    bought('ann', '19', 'free', 'mug'),
    { user: 'ann', at: '2026-11-20T12:00:00.000Z', event: '', type: 'page' },
    bought('bob', '03', 5, 'tea'),
    { user: 'cat', at: '2026-11-05T00:00:00.000Z', event: 'Looked' },
    // None of these counts: before, after, a bot, and what the product records itself.
    { user: 'ann', at: '2026-10-31T23:59:59.999Z', event: 'Bought', properties: { cart: { price: 99 } } },
    { user: 'ann', at: '2026-11-21T00:00:00.000Z', event: 'Bought', properties: { cart: { price: 99 } } },
    { user: 'ann', at: '2026-11-10T00:00:00.000Z', event: 'Bought', bot: 1 },
    { user: 'dan', at: '2026-11-10T00:00:00.000Z', event: 'Segment Entered', source_id: 'plumbline' },
  ]);
});
afterAll(() => close());

const body = (more: Record<string, unknown> = {}) =>
  parseSegmentation({
    method: 'kmeans',
    window_days: 20,
    features: [
      { name: 'events', measure: 'count' },
      { name: 'bought_5d', measure: 'count', event: 'Bought', window_days: 5 },
      { name: 'pages', measure: 'count', event: 'page' },
      { name: 'spent', measure: 'sum', event: 'Bought', property: 'cart.price' },
      { name: 'price', measure: 'average', event: 'Bought', property: 'cart.price' },
      { name: 'days_since_bought', measure: 'days_since', event: 'Bought' },
      { name: 'categories', measure: 'distinct', property: 'category' },
      { name: 'bought_share', measure: 'share', event: 'Bought' },
      { name: 'tea_share', measure: 'share', event: 'Bought', property: 'category', equals: 'tea' },
    ],
    ...more,
  });
const rowsOf = async (definition: ReturnType<typeof body>) => {
  const rows = await warehouse.query<{ who: string; values: (number | null)[] }>(
    sql`SELECT ${hexOf(sql`person`)} AS who, \`values\` FROM (${featureRows(definition, window, PEOPLE)})`,
  );
  const of = (user: string) => rows.find((row) => row.who === personOf(user))?.values;
  return { ann: of('ann'), bob: of('bob'), cat: of('cat'), people: rows.length };
};

test('every measure, over people and events that count', async () => {
  const { ann, bob, cat, people } = await rowsOf(body());
  expect(people).toBe(3);
  expect(ann).toEqual([4, 2, 1, 40, 20, 2, 2, 0.75, expect.closeTo(2 / 3, 12)]);
  expect(bob).toEqual([1, 0, 0, 5, 5, 18, 1, 1, 1]);
  expect(cat).toEqual([1, 0, 0, 0, null, 20, 0, 0, 0]);
});

test('the population is who did an event', async () => {
  expect((await rowsOf(body({ population_event: 'Looked' }))).people).toBe(1);
  expect((await rowsOf(body({ population_event: 'page' }))).people).toBe(1);
});

test('each has its words', () => {
  expect(describedFeatures(body()).map((_, i) => featureWords(body(), i))).toEqual([
    'number of all events in 20 days',
    'number of Bought in 5 days',
    'number of page in 20 days',
    'sum of cart.price over Bought in 20 days',
    'average of cart.price over Bought in 20 days',
    'days since the last Bought in 20 days',
    'different values of category over all events in 20 days',
    'share of Bought in all events in 20 days',
    'share of Bought where category is tea in 20 days',
  ]);
  const rfm = parseSegmentation({ method: 'rfm' });
  expect(describedFeatures(rfm).map((_, i) => featureWords(rfm, i))[1]).toBe('number of Order Completed');
});
