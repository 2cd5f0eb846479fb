/** What was sent is held against rules: names, and the types of values. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedEvent } from '../../collect/contract.ts';
import { logged, nodeOf, openSegmentFixture, type SegmentFixture, testTraits } from '../fixture.ts';
import type { KnownNames } from '../rules/known-names.ts';
import { checkSegments } from '../rules/segment-kind.ts';
import { createFieldService } from './fields.service.ts';

let fixture: SegmentFixture;
let known: KnownNames | undefined;

const COUNT = 60;
const each = <T>(one: (i: number) => T): T[] => Array.from({ length: COUNT }, (_, i) => one(i));

beforeAll(async () => {
  fixture = await openSegmentFixture();
  const events: Partial<LoggedEvent>[] = [
    ...each((i) => ({
      event: 'Order Completed',
      properties: JSON.stringify({
        order_id: `o${i}`,
        revenue: i,
        gift: i % 2 === 0,
        due: '2026-03-01',
        mixed: i % 2 === 0 ? i : `${i}`,
        tags: ['a'],
        item: { color: 'red' },
      }),
    })),
    ...each(() => ({ type: 'page' as const, event: '', properties: JSON.stringify({ path: '/x' }) })),
    { event: 'Seldom Done', properties: JSON.stringify({ code: 'x' }) },
  ];
  await fixture.storeEvents(
    events.map((event, i) => ({ position: i + 1, event: logged({ ...event, message_id: `m${i}` }) })),
  );
  await fixture.storeTraits(
    each((i) => i).flatMap((i) => {
      const node = nodeOf({ user_id: `u${i}`, anonymous_id: '' });
      return [
        { node, trait: 'email', value: `u${i}@example.org`, at_ms: 1 },
        { node, trait: 'born', value: '1990-01-01', at_ms: 1 },
      ];
    }),
  );
  const names = ['email', 'born', '$consent.advertising', 'score.churn', 'group.account'];
  const fields = createFieldService({
    warehouse: fixture.warehouse,
    clock: fixture.clock,
    traits: {
      ...testTraits,
      traitNames: async () => names.map((name) => ({ name, types: ['string'], people: COUNT })),
    },
  });
  await fields.refresh();
  known = fields.known();
}, 60_000);
afterAll(() => fixture.close());

const problemsOf = (rule: object) =>
  checkSegments(
    [{ kind: 'segment', name: 'a', body: { label: 'x', owner: 'x', purpose: 'x', rule } }],
    new Set(['a']),
    known,
  ).map(({ field, message }) => [field, message]);

const trait = (name: string, op: string, value?: unknown) => ({ predicate: 'trait', trait: name, op, value });
const order = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const where = (field: string, op: string, value?: unknown) => ({ ...order, where: [{ field, op, value }] });
const sum = (property: string) => ({
  predicate: 'aggregate',
  event: 'Order Completed',
  property,
  calc: 'sum',
  op: 'at_least',
  value: 5,
});

test.each<[string, object, string, RegExp]>([
  ['an address at least 5', trait('email', 'at_least', 5), 'rule.op', /email has only ever been a text: /],
  [
    'an address before a date',
    trait('email', 'before', '2026-01-01'),
    'rule.op',
    /never been one \(ISO 8601\)/,
  ],
  [
    'a number that contains',
    where('revenue', 'contains', 'x'),
    'rule.where[0].op',
    /only ever been a number/,
  ],
  [
    'a number that is a text',
    where('revenue', 'equals', '5'),
    'rule.where[0].value',
    /compares with a text here/,
  ],
  ['a flag that is a text', where('gift', 'in', ['yes']), 'rule.where[0].value', /equals with true or false/],
  [
    'a list that is a text',
    where('tags', 'equals', 'a'),
    'rule.where[0].value',
    /one of its items by includes/,
  ],
  ['a text that is a list', where('order_id', 'includes', 'a'), 'rule.where[0].op', /looks into lists/],
  ['the sum of a text', sum('order_id'), 'rule.property', /must be a number, and order_id/],
  [
    'a name inside an object',
    where('item.colour', 'exists'),
    'rule.where[0].field',
    /item.colour; did you mean item.color/,
  ],
  [
    'a field of pages',
    { predicate: 'count', type: 'page', at_least: 1, where: [{ field: 'paht', op: 'exists' }] },
    'rule.where[0].field',
    /did you mean path/,
  ],
  [
    'a consent purpose',
    { predicate: 'consent', purpose: 'advertizing', state: 'granted' },
    'rule.purpose',
    /did you mean advertising/,
  ],
  [
    'a score',
    { predicate: 'score', score: 'chrun', op: 'less', value: 1 },
    'rule.score',
    /did you mean churn/,
  ],
  ['a group type', { predicate: 'group', type: 'acount' }, 'rule.type', /did you mean account/],
])('%s is refused with what was seen', (_, rule, field, message) => {
  expect(problemsOf(rule)).toEqual([[field, expect.stringMatching(message)]]);
});

test.each<[string, object]>([
  [
    'values of the type',
    { all: [where('revenue', 'at_least', 5), where('gift', 'equals', true), sum('revenue')] },
  ],
  ['dates', { all: [trait('born', 'before', '2000-01-01'), where('due', 'after', '2026-01-01')] }],
  ['one item of the type', where('order_id', 'in', [5, 'o5'])],
  ['mixed types', { all: [where('mixed', 'at_least', 5), where('mixed', 'contains', '5')] }],
  [
    'what was seen seldom',
    { ...order, event: 'Seldom Done', where: [{ field: 'code', op: 'less', value: 5 }] },
  ],
  ['what is there or not', { all: [where('order_id', 'missing'), where('item.color', 'exists')] }],
])('%s are accepted', (_, rule) => {
  expect(problemsOf(rule)).toEqual([]);
});
