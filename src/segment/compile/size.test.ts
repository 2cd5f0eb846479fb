/** What rules may be is what the engine takes: chains of segments, long lists, many sequences. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { render, sql } from '../../kernel/sql.ts';
import {
  logged,
  NOW_MS,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { PARTS_MAX, parseRule } from '../rules/rule.ts';
import { SCAN_SETTINGS, scanSql } from './scan.sql.ts';
import { compileSet } from './segment-set.ts';
import { createTryOut } from './try-out.service.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
  await fixture.storeEvents([
    { position: 1, event: logged({ message_id: 'm1', event: 'Order Completed' }) },
    { position: 2, event: logged({ message_id: 'm2', event: 'Product Added' }) },
  ]);
}, 60_000);
afterAll(() => fixture.close());

const nth = (i: number) => `s${String(i).padStart(3, '0')}`;
const did = (event: string, at_least: number) => ({ predicate: 'count', event, at_least });
const inside = (i: number) => ({ predicate: 'segment', segment: nth(i) });

/** Each names the one before it twice. */
const chain = (length: number) =>
  Array.from({ length }, (_, i) =>
    i === 0
      ? did('Order Completed', 1)
      : { any: [inside(i - 1), { all: [inside(i - 1), did('Product Added', i)] }] },
  );

const setOf = (rules: readonly object[]) =>
  compileSet(
    rules.map((rule, i) => ({
      kind: 'segment',
      name: nth(i),
      version: 1,
      body: { label: 'x', owner: 'x', purpose: 'x', rule },
    })),
  );

function scanOf(rules: readonly object[]) {
  const set = setOf(rules);
  const questions = set.segments.map(({ rule, body, holds_for_nobody_known }) => ({
    rule,
    exclude_bots: body.exclude_bots,
    holds_for_nobody_known,
    now_ms: NOW_MS,
  }));
  return scanSql(questions, { sql: testPeople, traits: testTraits, set, now_ms: NOW_MS });
}

const answers = (rules: readonly object[]) =>
  fixture.warehouse.query<{ hits: number[] }>(sql`SELECT hits FROM (${scanOf(rules)}) ${SCAN_SETTINGS}`);

test('a segment that rules name is written once, however often they name it', async () => {
  const length = (count: number) => render(scanOf(chain(count)), 'clickhouse-literal').text.length;
  expect(length(24) - length(23)).toBeLessThan(500);
  expect(length(60) - length(59)).toBeLessThan(500);
  expect(await answers(chain(24))).toEqual([{ hits: Array.from({ length: 24 }, () => 1) }]);
});

const sequence = (i: number, steps: number) => ({
  predicate: 'sequence',
  steps: Array.from({ length: steps }, (_, step) => ({
    event: step % 2 === 0 ? 'Order Completed' : 'Product Added',
    ...(step === 0 ? {} : { within: { hours: 4 } }),
  })),
  window: { days: 1 + i },
});
const many = (count: number, one: (i: number) => object) => ({
  all: Array.from({ length: count }, (_, i) => one(i)),
});

test.each<[string, object]>([
  ['a group of a thousand', { predicate: 'group', ids: Array.from({ length: 1_000 }, (_, i) => `g${i}`) }],
  ['as many sequences as a rule has parts', many(PARTS_MAX - 1, (i) => sequence(i, 2))],
  ['as many long ones as a rule has room for', many(150, (i) => sequence(i, 6))],
])('%s can be asked', async (_, rule) => {
  expect(parseRule(rule).is).toBe('rule');
  expect(await answers([rule])).toEqual(expect.any(Array));
});

test('what the engine cannot take is found by trying it over nobody', async () => {
  const long = (i: number) => ({
    predicate: 'trait',
    trait: 'code',
    op: 'in',
    value: Array.from({ length: 60 }, (_, n) => `${i}-${n}`.padEnd(950, 'x')),
  });
  const set = setOf([
    ...Array.from({ length: 20 }, (_, i) => long(i)),
    { any: Array.from({ length: 20 }, (_, i) => inside(i)) },
    sequence(1, 3),
  ]);
  const tryOut = createTryOut({ warehouse: fixture.warehouse, sql: testPeople, traits: testTraits });
  const outcomes = [];
  for (const segment of set.segments.slice(19)) outcomes.push(await tryOut(segment, set));
  expect(outcomes).toEqual([undefined, expect.stringMatching(/longer than one query may be/), undefined]);
});
