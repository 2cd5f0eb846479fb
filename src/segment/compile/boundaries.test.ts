/** Each limit that a rule can set: at it, a millisecond before and after, in memory and in SQL, and until when it holds. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedEvent } from '../../collect/contract.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { hexOf } from '../../kernel/key64.ts';
import { sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import type { NodeId } from '../../resolve/contract.ts';
import {
  iso,
  logged,
  NOW_MS,
  nodeOf,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { changeMoments } from '../fixture-rules.ts';
import { readable } from '../rules/event-field.ts';
import { byMoment, type Mark } from '../rules/signal.ts';
import { scanSql } from './scan.sql.ts';
import { compileSet, type SegmentSet, viewIn } from './segment-set.ts';

interface Person {
  /** Event, how long ago (ms), its `total`. */
  readonly events?: readonly (readonly [event: string, ago_ms: number, total?: number])[];
  readonly traits?: Readonly<Record<string, Json>>;
  /** How long ago it began, minutes. */
  readonly sessions?: readonly (readonly [ago_ms: number, minutes: number])[];
}

type Case = readonly [what: string, rule: object, person: Person, expected: boolean];

const did = (...events: readonly (readonly [string, number, number?])[]): Person => ({ events });
/** Just inside, at the limit, and beyond it, for a time that may be no longer ago than `limit_ms`. */
const around = (
  what: string,
  rule: object,
  limit_ms: number,
  person: (ago_ms: number) => Person,
  [shorter, same, longer]: readonly [boolean, boolean, boolean],
): Case[] => [
  [`${what}, a millisecond less`, rule, person(limit_ms - 1), shorter],
  [`${what}, exactly`, rule, person(limit_ms), same],
  [`${what}, a millisecond more`, rule, person(limit_ms + 1), longer],
];

const A = { event: 'A' };
const B = { event: 'B' };
const day = { days: 1 };
const one_a = (ago_ms: number) => did(['A', ago_ms]);
const count = (more: object) => ({ predicate: 'count', ...A, at_least: 1, ...more });
const date = (ago_ms: number) => iso(NOW_MS - ago_ms);
const total = (calc: string, op: string, value: number | number[], more: object = {}) => ({
  predicate: 'aggregate',
  ...A,
  property: 'total',
  calc,
  op,
  value,
  ...more,
});
const sequence = (more: object = {}) => ({
  predicate: 'sequence',
  steps: [A, { ...B, within: { hours: 2 } }],
  ...more,
});
const absence = (more: object = {}) => ({ predicate: 'absence', ...A, without: B, ...more });
const time = (which: string, op: string, value: number | string) => ({
  predicate: 'first_last',
  which,
  ...A,
  op,
  value,
});
const trait = (op: string, value: unknown) => ({ predicate: 'trait', trait: 't', op, value });
const has = (value: Json): Person => ({ traits: { t: value } });
const amounts = (op: string, limit: number | number[], expected: readonly boolean[]): Case[] =>
  [29.9999, 30, 30.0001].flatMap((amount, i): Case[] => {
    const holds = expected[i] === true;
    const score: Person = { traits: { 'score.churn': amount } };
    return [
      [`sum ${op}: ${amount}`, total('sum', op, limit), did(['A', 5, amount - 10], ['A', 6, 10]), holds],
      [`average ${op}: ${amount}`, total('average', op, limit), did(['A', 5, amount]), holds],
      [`min ${op}: ${amount}`, total('min', op, limit), did(['A', 5, amount], ['A', 6, 99]), holds],
      [`max ${op}: ${amount}`, total('max', op, limit), did(['A', 5, amount], ['A', 6, 1]), holds],
      [`trait ${op}: ${amount}`, trait(op, limit), has(amount), holds],
      [`score ${op}: ${amount}`, { predicate: 'score', score: 'churn', op, value: limit }, score, holds],
    ];
  });
const minutes = (op: string) => ({ predicate: 'session', measure: 'longest_minutes', op, value: 30 });

const CASES: readonly Case[] = [
  ...around('a window', count({ window: day }), DAY_MS, one_a, [true, false, false]),
  ...around('an event and now', count({}), 0, one_a, [false, true, true]),
  ...around('from', count({ window: { from: date(DAY_MS) } }), DAY_MS, one_a, [true, true, false]),
  ...around('to', count({ window: { to: date(DAY_MS) } }), DAY_MS, one_a, [false, false, true]),
  ['at least two: one', count({ at_least: 2 }), did(['A', 5]), false],
  ['at least two: two', count({ at_least: 2 }), did(['A', 5], ['A', 5]), true],
  ['at most one: one', { ...A, predicate: 'count', at_most: 1 }, did(['A', 5]), true],
  ['at most one: two', { ...A, predicate: 'count', at_most: 1 }, did(['A', 5], ['A', 6]), false],
  ['exactly one: two', { ...A, predicate: 'count', exactly: 1 }, did(['A', 5], ['A', 6]), false],
  ...amounts('less', 30, [true, false, false]),
  ...amounts('at_most', 30, [true, true, false]),
  ...amounts('at_least', 30, [false, true, true]),
  ...amounts('greater', 30, [false, false, true]),
  ...amounts('between', [30, 40], [false, true, true]),
  ...amounts('between', [20, 30], [true, true, false]),
  ...around(
    'a sum in a window',
    total('sum', 'at_least', 5, { window: day }),
    DAY_MS,
    (ago_ms) => did(['A', ago_ms, 5]),
    [true, false, false],
  ),
  ...around('a step within its time', sequence(), 2 * HOUR_MS, (ago_ms) => did(['A', ago_ms + 9], ['B', 9]), [
    true,
    true,
    false,
  ]),
  ...around(
    'the first step in the window',
    sequence({ window: { hours: 1 } }),
    HOUR_MS,
    (ago_ms) => did(['A', ago_ms], ['B', 9]),
    [true, false, false],
  ),
  ['steps at one moment, in order', sequence(), did(['A', 9], ['B', 9]), true],
  ['steps at one moment, the other way', sequence(), did(['B', 9], ['A', 9]), false],
  ...around('time to follow', absence({ within: day }), DAY_MS, one_a, [false, true, true]),
  ...around(
    'what follows',
    absence({ within: day }),
    DAY_MS,
    (after_ms) => did(['A', 3 * DAY_MS], ['B', 3 * DAY_MS - after_ms]),
    [false, false, true],
  ),
  ...around('what was to follow', absence({ window: day }), DAY_MS, one_a, [true, false, false]),
  ['followed at the same moment', absence(), did(['A', 9], ['B', 9]), false],
  ['preceded at the same moment', absence(), did(['B', 9], ['A', 9]), true],
  ...around('within days', time('last', 'within_days', 1), DAY_MS, one_a, [true, false, false]),
  ...around('older than days', time('first', 'older_than_days', 1), DAY_MS, one_a, [false, true, true]),
  ...around('before', time('first', 'before', date(DAY_MS)), DAY_MS, one_a, [false, false, true]),
  ...around('after', time('last', 'after', date(DAY_MS)), DAY_MS, one_a, [true, false, false]),
  ...around('a date within days', trait('within_days', 1), DAY_MS, (ago) => has(date(ago)), [
    true,
    false,
    false,
  ]),
  ...around('a date older', trait('older_than_days', 1), DAY_MS, (ago) => has(date(ago)), [
    false,
    true,
    true,
  ]),
  ...around('a date before', trait('before', date(DAY_MS)), DAY_MS, (ago) => has(date(ago)), [
    false,
    false,
    true,
  ]),
  ...around('a date after', trait('after', date(DAY_MS)), DAY_MS, (ago) => has(date(ago)), [
    true,
    false,
    false,
  ]),
  ...around(
    'the start of a session',
    { predicate: 'session', measure: 'sessions', op: 'at_least', value: 1, window: day },
    DAY_MS,
    (ago_ms) => ({ sessions: [[ago_ms, 5]] }),
    [true, false, false],
  ),
  ['a session as long as the limit', minutes('at_least'), { sessions: [[9 * HOUR_MS, 30]] }, true],
  ['a session longer than the limit', minutes('greater'), { sessions: [[9 * HOUR_MS, 30]] }, false],
];

/** Where several limits meet, and when the first of them that matters does. */
const TREES: readonly (readonly [what: string, rule: object, person: Person, until_ms: number])[] = [
  [
    'all that hold cease with the first',
    { all: [count({ window: day }), { ...count({ window: { hours: 2 } }), ...B }] },
    did(['A', HOUR_MS], ['B', HOUR_MS]),
    NOW_MS + HOUR_MS,
  ],
  [
    'all that do not begin with the last',
    { all: [time('first', 'older_than_days', 1), { ...time('first', 'older_than_days', 3), ...B }] },
    did(['A', HOUR_MS], ['B', HOUR_MS]),
    NOW_MS + 3 * DAY_MS - HOUR_MS,
  ],
  [
    'any that hold cease with the last',
    { any: [count({ window: day }), { ...count({ window: { hours: 2 } }), ...B }] },
    did(['A', HOUR_MS], ['B', HOUR_MS]),
    NOW_MS + DAY_MS - HOUR_MS,
  ],
  [
    'any that do not begin with the first',
    { any: [time('first', 'older_than_days', 1), { ...time('first', 'older_than_days', 3), ...B }] },
    did(['A', HOUR_MS], ['B', HOUR_MS]),
    NOW_MS + DAY_MS - HOUR_MS,
  ],
  ['not is the same moment', { not: absence({ within: day }) }, did(['A', HOUR_MS]), NOW_MS + 23 * HOUR_MS],
];

let fixture: SegmentFixture;
let set: SegmentSet;
const people: readonly Person[] = [...CASES, ...TREES].map(([, , person]) => person);
const key = (nth: number) => nodeOf({ user_id: `u${nth}`, anonymous_id: '' });
const eventsOf = new Map<number, { readonly position: number; readonly event: LoggedEvent }[]>();

beforeAll(async () => {
  fixture = await openSegmentFixture();
  let position = 0;
  people.forEach(({ events = [] }, nth) => {
    const own = events.map(([event, ago_ms, amount]) => ({
      position: ++position,
      event: logged({
        message_id: `m${position}`,
        user_id: `u${nth}`,
        event,
        timestamp: iso(NOW_MS - ago_ms),
        properties: JSON.stringify({ total: amount }),
      }),
    }));
    eventsOf.set(nth, own);
  });
  await fixture.storeIdentities(
    new Map(people.map((_, nth) => [key(nth) as NodeId, key(nth) as string as PersonId])),
    1,
  );
  await fixture.storeEvents([...eventsOf.values()].flat());
  await fixture.storeTraits(
    people.flatMap(({ traits = {} }, nth) =>
      Object.entries(traits).map(([trait, value]) => ({
        node: key(nth),
        trait,
        value,
        at_ms: NOW_MS - DAY_MS,
      })),
    ),
  );
  await fixture.storeSessions(people.flatMap((_, nth) => sessionsOf(nth)));
  const rules = [...CASES, ...TREES].map(([, rule]) => rule);
  set = compileSet(
    rules.map((rule, i) => ({
      kind: 'segment',
      name: nameOf(i),
      version: 1,
      body: { label: 'x', owner: 'x', purpose: 'x', rule },
    })),
  );
}, 60_000);
afterAll(() => fixture.close());

const nameOf = (nth: number) => `s${String(nth).padStart(4, '0')}`;
const sessionsOf = (nth: number) =>
  (people[nth]?.sessions ?? []).map(([ago_ms, length]) => ({
    person: key(nth) as string as PersonId,
    started_ms: NOW_MS - ago_ms,
    ended_ms: NOW_MS - ago_ms + length * 60_000,
    pages: 1,
    events: 1,
    campaign: '',
  }));

function answerOf(nth: number, now_ms: number) {
  const own = eventsOf.get(nth) ?? [];
  const view = viewIn(
    set,
    {
      marks: (signal) =>
        own
          .flatMap(({ position, event }): Mark[] => {
            const value = signal.read(readable(event));
            return value === undefined ? [] : [[Date.parse(event.timestamp), position, value]];
          })
          .sort(byMoment),
      trait(name) {
        const value = people[nth]?.traits?.[name];
        return value === undefined ? undefined : { value, until_ms: Number.POSITIVE_INFINITY };
      },
      sessions: () => sessionsOf(nth),
    },
    { seen: own.length > 0, known: own.length > 0 },
  );
  return view.segment(nameOf(nth), now_ms);
}

test('in memory', () => {
  const wrong = CASES.filter(([, , , expected], nth) => answerOf(nth, NOW_MS)?.is !== expected);
  expect(wrong.map(([what]) => what)).toEqual([]);
});

test('in SQL', async () => {
  const questions = set.segments.map(({ rule, body, holds_for_nobody_known }) => ({
    rule,
    exclude_bots: body.exclude_bots,
    holds_for_nobody_known,
    now_ms: NOW_MS,
  }));
  const scan = scanSql(questions, { sql: testPeople, traits: testTraits, set, now_ms: NOW_MS });
  const rows = await fixture.warehouse.query<{ person: string; hits: number[] }>(
    sql`SELECT ${hexOf(sql`person`)} AS person, hits FROM (${scan}) SETTINGS max_ast_elements = 500000`,
  );
  const hits = new Map(rows.map((row) => [row.person, row.hits]));
  const wrong = CASES.filter(([, , , expected], nth) => (hits.get(key(nth))?.[nth] === 1) !== expected);
  expect(wrong.map(([what]) => what)).toEqual([]);
});

test('until when: never after the first moment that changes the answer', () => {
  const late = [...CASES, ...TREES].filter(([, rule], nth) => {
    const answer = answerOf(nth, NOW_MS);
    if (answer === undefined || set.get(nameOf(nth))?.streamable !== true) return false;
    const moments = (eventsOf.get(nth) ?? []).map(({ event }) => Date.parse(event.timestamp));
    const dates = Object.values(people[nth]?.traits ?? {}).flatMap(
      (value) => Date.parse(String(value)) || [],
    );
    return changeMoments(rule, [...moments, ...dates]).some(
      (at) => at > NOW_MS && at < answer.until_ms && answerOf(nth, at)?.is !== answer.is,
    );
  });
  expect(late.map(([what]) => what)).toEqual([]);
});

test('trees change with the part that matters', () => {
  TREES.forEach(([what, , , until_ms], i) => {
    const nth = CASES.length + i;
    const now = answerOf(nth, NOW_MS);
    expect([what, now?.until_ms]).toEqual([what, until_ms]);
    expect([what, answerOf(nth, until_ms - 1)?.is, answerOf(nth, until_ms)?.is]).toEqual([
      what,
      now?.is,
      !now?.is,
    ]);
  });
});
