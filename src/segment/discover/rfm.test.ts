import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../kernel/sql.ts';
import { binOf, quantileCuts } from '../../stats/quantile.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents, PEOPLE, type StoredEvent } from '../fixture-events.ts';
import { rfmClusters, rfmGrid, rfmValues } from './rfm.sql.ts';
import { cutsAbove, type RfmCuts, rfmNames } from './rfm.ts';
import { type NamedScores, RfmSettings } from './rfm-settings.ts';

const ORDERS = new URL('../../../../shared/reference/rfm_r/rfm_data_orders.csv', import.meta.url);
const settings = RfmSettings.parse({});

// What the SQL is held to.
/** Days since the last order, number of orders, net revenue. */
type RfmValues = readonly [recency_days: number, frequency: number, monetary: number];

/** 1 to 5 for each of the three. With other than five bins the scores are spread over 1 to 5. */
function rfmScores([recency, frequency, monetary]: RfmValues, cuts: RfmCuts): RfmValues {
  const rising = (value: number, at: readonly number[]) => fiveStep(binOf(value, at) + 1, at.length + 1);
  const bins = cuts.recency.length + 1;
  return [
    fiveStep(bins - binOf(recency, cuts.recency), bins),
    rising(frequency, cuts.frequency),
    rising(monetary, cuts.monetary),
  ];
}

const fiveStep = (score: number, bins: number): number => Math.ceil((score * 5) / bins);

/** Index into the settings' segments of the first that fits; their number for `Others`. */
function rfmSegment([r, f, m]: RfmValues, segments: readonly NamedScores[]): number {
  const within = (score: number, [low, high]: readonly [number, number]) => score >= low && score <= high;
  const found = segments.findIndex(
    (s) => within(r, s.recency) && within(f, s.frequency) && within(m, s.monetary),
  );
  return found < 0 ? segments.length : found;
}

interface RfmCellRow {
  readonly recency: number;
  readonly frequency: number;
  readonly people: number;
  readonly monetary_mean: number;
}

/** People of each pair of scores, best first. */
function gridOf(values: readonly RfmValues[], cuts: RfmCuts): RfmCellRow[] {
  const cells = Map.groupBy(values, (v) => rfmScores(v, cuts).slice(0, 2).join());
  return [...cells]
    .map(([scores, own]) => {
      const [recency = 0, frequency = 0] = scores.split(',').map(Number);
      const monetary_mean = expect.closeTo(own.reduce((sum, v) => sum + v[2], 0) / own.length, 6);
      return { recency, frequency, people: own.length, monetary_mean };
    })
    .sort((a, b) => b.recency - a.recency || b.frequency - a.frequency);
}

let warehouse: Warehouse;
let store: (events: readonly StoredEvent[]) => Promise<void>;
let clear: () => Promise<void>;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ warehouse, store, clear, close } = await openEvents());
});
afterAll(() => close());

const valuesOf = async (window: { from: string; to: string }) =>
  (
    await warehouse.query<{ recency: number; frequency: number; monetary: number }>(
      rfmValues(settings, window, PEOPLE),
    )
  ).map(({ recency, frequency, monetary }): RfmValues => [recency, frequency, monetary]);

const cutsOf = (values: readonly RfmValues[], bins: number): RfmCuts => {
  const of = (i: 0 | 1 | 2) =>
    cutsAbove(
      quantileCuts(
        values.map((v) => v[i]),
        bins,
      ),
    );
  return { recency: of(0), frequency: of(1), monetary: of(2) };
};

describe.skipIf(!existsSync(ORDERS))(
  'the R package rfm (skipped when ../shared/reference/rfm_r is not there)',
  () => {
    const window = { from: '2000-01-01T00:00:00.000Z', to: '2006-12-31T00:00:00.000Z' };

    test('995 customers and the counts of every segment', async () => {
      const lines = readFileSync(ORDERS, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','));
      await store(
        lines.map(([user, day, revenue], i) => ({
          user: user as string,
          at: `${day}T00:00:00.000Z`,
          event: 'Order Completed',
          properties: { revenue: Number(revenue), order_id: `o${i}` },
        })),
      );
      const values = await valuesOf(window);
      expect(values.length).toBe(995);
      expect(values.reduce((sum, [, orders]) => sum + orders, 0)).toBe(4906);
      const cuts = cutsOf(values, 5);
      const names = rfmNames(settings);
      const table = Map.groupBy(
        values,
        (v) => names[rfmSegment(rfmScores(v, cuts), settings.segments)] as string,
      );
      const summary = Object.fromEntries(
        [...table].map(([name, own]) => [
          name,
          [own.length, own.reduce((sum, v) => sum + v[1], 0), own.reduce((sum, v) => sum + v[2], 0)],
        ]),
      );
      expect(summary['Champions']).toEqual([158, 1234, 120178]);
      expect(Object.fromEntries(Object.entries(summary).map(([name, [people]]) => [name, people]))).toEqual({
        Champions: 158,
        'Loyal Customers': 278,
        'Potential Loyalist': 229,
        'Need Attention': 35,
        'About To Sleep': 50,
        'At Risk': 86,
        Lost: 111,
        Others: 48,
      });
      // The same in SQL.
      const features = sql`SELECT person, [recency, frequency, monetary]::Array(Nullable(Float64)) AS \`values\` FROM (${rfmValues(settings, window, PEOPLE)})`;
      const counted = await warehouse.query<{ cluster: number; people: number }>(
        sql`SELECT cluster, count() AS people FROM (${rfmClusters(features, cuts, settings.segments)}) GROUP BY cluster`,
      );
      expect(Object.fromEntries(counted.map((row) => [names[row.cluster], row.people]))).toEqual(
        Object.fromEntries(Object.entries(summary).map(([name, [people]]) => [name, people])),
      );
      const grid = await warehouse.query<RfmCellRow>(rfmGrid(features, cuts));
      expect(grid).toEqual(gridOf(values, cuts));
      expect(grid.reduce((sum, cell) => sum + cell.people, 0)).toBe(995);
    });
  },
);

test('orders count once, refunds subtract, an order paid back in full is none', async () => {
  await clear();
  const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const order = (user: string, day: number, revenue: number, order_id?: string) => ({
    user,
    at: at(day),
    event: 'Order Completed',
    properties: { revenue, ...(order_id ? { order_id } : {}) },
  });
  await store([
    order('ann', 1, 50, 'a1'),
    order('ann', 1, 50, 'a1'),
    order('ann', 5, 30, 'a2'),
    { user: 'ann', at: at(6), event: 'Order Refunded', properties: { order_id: 'a2' } },
    { user: 'ann', at: at(7), event: 'Order Refunded', properties: { order_id: 'a1', total: 20 } },
    order('bob', 2, 10),
    order('bob', 3, 10),
    order('cat', 4, 0, 'c1'),
    { user: 'dan', at: at(4), event: 'Order Refunded', properties: { order_id: 'x', total: 5 } },
    order('eve', 4, 9, 'e1'),
    { user: 'eve', at: at(5), event: 'Order Refunded', properties: { order_id: 'e1', total: 99 } },
  ]);
  const rows = await valuesOf({ from: at(1), to: at(9) });
  expect(rows.sort((a, b) => a[2] - b[2])).toEqual([
    [5, 1, 0],
    [6, 2, 20],
    [8, 1, 30],
  ]);
});

test('scores lie in 1 to 5, better values never score less, and SQL agrees', async () => {
  expect([1, 2, 3].map((s) => fiveStep(s, 3))).toEqual([2, 4, 5]);
  expect([1, 2, 3, 4, 5].map((s) => fiveStep(s, 5))).toEqual([1, 2, 3, 4, 5]);
  const values = fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 5_000 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(values, { minLength: 2, maxLength: 30 }),
      fc.integer({ min: 2, max: 9 }),
      async (people, bins) => {
        const cuts = cutsOf(people, bins);
        for (const v of people) {
          const scores = rfmScores(v, cuts);
          expect(scores.every((s) => s >= 1 && s <= 5)).toBe(true);
          const better = rfmScores([Math.max(0, v[0] - 9), v[1] + 2, v[2] + 50], cuts);
          expect(better.every((s, i) => s >= (scores[i] as number))).toBe(true);
        }
        const rows = people.map(
          ([r, f, m], i) =>
            sql`SELECT toUInt64(${i}) AS person, [${r}, ${f}, ${m}]::Array(Nullable(Float64)) AS \`values\``,
        );
        const source = rows.reduce((all, row) => sql`${all} UNION ALL ${row}`);
        const found = await warehouse.query<{ cluster: number }>(
          sql`SELECT cluster FROM (${rfmClusters(source, cuts, settings.segments)}) ORDER BY person`,
        );
        expect(found.map((row) => row.cluster)).toEqual(
          people.map((v) => rfmSegment(rfmScores(v, cuts), settings.segments)),
        );
      },
    ),
    { numRuns: 8 },
  );
});
