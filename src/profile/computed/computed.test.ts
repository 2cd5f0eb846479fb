import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/clock.ts';
import { hexOf } from '../../kernel/key64.ts';
import { join, sql } from '../../kernel/sql.ts';
import type { NodeId } from '../../resolve/contract.ts';
import {
  arrivals,
  NOW_MS,
  nodeOf,
  openPeople,
  type PeopleFixture,
  type StoredEvent,
  stored,
} from '../fixture-people.ts';
import { compileTrait, contributionOf, documentsOf, type EventTrait } from './compile.ts';
import { computedQuery } from './computed.sql.ts';
import { computedTraitKind } from './computed-trait-kind.ts';
import { CALCULATIONS } from './index.ts';
import { addToComputed, type ComputedState, readComputed } from './window.ts';

let people: PeopleFixture;
beforeAll(async () => {
  people = await openPeople();
});
afterAll(() => people.close());

const bodies = fc
  .record(
    {
      calc: fc.constantFrom(...CALCULATIONS.keys()),
      window_days: fc.constantFrom(1, 2, 7, 30),
      bots: fc.boolean(),
      where: fc.array(
        fc.oneof(
          fc.record({
            property: fc.constantFrom('value', 'deep.er', 'context.page.path', 'traits.plan'),
            is: fc.constantFrom('is_set', 'not_set'),
          }),
          fc.record({
            property: fc.constantFrom('value', 'deep.er'),
            is: fc.constantFrom('equals', 'not_equals'),
            value: fc.constantFrom<unknown>('a', 5, true, 'ä', 5.5),
          }),
          fc.record({
            property: fc.constantFrom('value', 'deep.er'),
            is: fc.constantFrom('one_of', 'none_of'),
            value: fc.constantFrom<unknown[]>(['a', 5], [false, '']),
          }),
          fc.record({
            property: fc.constantFrom('value', 'deep.er'),
            is: fc.constantFrom('greater', 'at_least', 'less', 'at_most'),
            value: fc.constantFrom(0, 5, -2.5),
          }),
          fc.record({
            property: fc.constantFrom('value', 'deep.er'),
            is: fc.constantFrom('contains', 'starts_with'),
            value: fc.constantFrom('a', '😀', 'x', "'"),
          }),
        ),
        { maxLength: 1 },
      ),
      type: fc.constantFrom('track', 'page'),
    },
    { requiredKeys: ['calc', 'where'] },
  )
  .map(({ where, type, ...body }) => ({
    ...body,
    of: { event: 'Order Completed', where, ...(type === undefined ? {} : { type }) },
    ...(CALCULATIONS.get(body.calc)?.needs === 'none'
      ? {}
      : { property: body.calc.length % 2 === 0 ? 'value' : 'deep.er' }),
  }));

/** What the stream would hold of each node. */
function statesOf(trait: EventTrait, events: readonly StoredEvent[]): Map<NodeId, ComputedState> {
  const states = new Map<NodeId, ComputedState>();
  for (const { event } of events) {
    const isFor =
      event.event === 'Order Completed' && (trait.types.length === 0 || trait.types.includes(event.type));
    const contribution = isFor
      ? contributionOf(trait, event, Date.parse(event.timestamp), documentsOf(event))
      : undefined;
    if (contribution === undefined) continue;
    const node = nodeOf(event);
    states.set(node, addToComputed(trait, states.get(node), contribution));
  }
  return states;
}

type Answer = Record<string, unknown>;

const inSql = async (traits: readonly EventTrait[], now_ms: number): Promise<Answer[]> => {
  const queries = traits.map(
    (trait, i) =>
      sql`SELECT ${i} AS i, ${hexOf(sql`person`)} AS person, value FROM (${computedQuery(trait, people.people.sql, now_ms)})`,
  );
  const rows = await people.warehouse.query<{ i: number; person: string; value: string }>(
    join(queries, ' UNION ALL '),
  );
  const answers = traits.map((): Answer => ({}));
  for (const { i, person, value } of rows) (answers[i] as Answer)[person] = JSON.parse(value);
  return answers;
};

describe('a computed trait', () => {
  test('has one answer in the stream and in SQL, over any order, split and merge', async () => {
    await fc.assert(
      fc.asyncProperty(
        arrivals(40),
        fc.array(bodies, { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        fc.constantFrom(0, 1, 5, 30),
        async (events, some, joined, later) => {
          await people.clearEvents();
          await people.store(events);
          const nodes = [...new Set(events.map(({ event }) => nodeOf(event)))].slice(0, 2);
          const isOne = joined && nodes.length === 2;
          if (isOne) await people.people.join(nodes);
          const now_ms = NOW_MS + later * DAY_MS + 12_345_678;
          const traits = some.map((body) => compileTrait('t', body) as EventTrait);
          const answers = await inSql(traits, now_ms);
          traits.forEach((trait, i) => {
            const states = statesOf(trait, events);
            expect(statesOf(trait, events.toReversed())).toEqual(states);
            const groups = Map.groupBy(states, ([node]) =>
              isOne && nodes.includes(node) ? (nodes[0] as NodeId) : node,
            );
            const streamed: Answer = {};
            for (const [person, list] of groups) {
              const parts = list.map(([, state]) => state);
              const reading = readComputed(trait, parts, now_ms);
              expect(readComputed(trait, parts.toReversed(), now_ms)).toEqual(reading);
              if (reading !== undefined) streamed[person] = reading.value;
            }
            expect(answers[i], JSON.stringify(some[i])).toEqual(streamed);
          });
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);

  test('stays until what it says', () => {
    fc.assert(
      fc.property(
        arrivals(30),
        bodies,
        fc.integer({ min: 0, max: 45 * DAY_MS }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (events, body, later_ms, share) => {
          const trait = compileTrait('t', body) as EventTrait;
          for (const state of statesOf(trait, events).values()) {
            const now_ms = NOW_MS + later_ms;
            const reading = readComputed(trait, [state], now_ms);
            if (reading === undefined || reading.until_ms === Number.POSITIVE_INFINITY) continue;
            expect(reading.until_ms).toBeGreaterThan(now_ms);
            const within = Math.floor(now_ms + (reading.until_ms - 1 - now_ms) * share);
            expect(readComputed(trait, [state], within)).toEqual(reading);
          }
        },
      ),
    );
  });

  test('counts a sample of values past the limit, and the same one in both languages', async () => {
    await people.clearEvents();
    const events = Array.from({ length: 1_200 }, (_, i) =>
      stored(i + 1, { properties: { value: `v${(i * 7) % 450}` } }),
    );
    await people.store(events);
    for (const calc of ['most_frequent', 'unique_list']) {
      const trait = compileTrait('t', {
        calc,
        of: { event: 'Order Completed' },
        property: 'value',
      }) as EventTrait;
      const [state] = statesOf(trait, events).values();
      const reading = readComputed(trait, state === undefined ? [] : [state], NOW_MS);
      expect((await inSql([trait], NOW_MS))[0]).toEqual({
        [nodeOf({ user_id: 'ann', anonymous_id: '' })]: reading?.value,
      });
    }
  });

  test('is what a definition may be', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(computedTraitKind.check(body, 't')).toEqual([]);
      }),
    );
  });

  test('adds money exactly', () => {
    const trait = compileTrait('t', {
      calc: 'sum',
      of: { event: 'Order Completed' },
      property: 'value',
    }) as EventTrait;
    const events = Array.from({ length: 1_000 }, (_, i) => stored(i + 1, { properties: { value: 0.1 } }));
    const [state] = statesOf(trait, [
      ...events,
      stored(2_000, { properties: { value: 9_007_199_254.740_993 } }),
    ]).values();
    expect(readComputed(trait, state === undefined ? [] : [state], NOW_MS)?.value).toBe(
      9_007_199_354.740_993,
    );
  });
});

describe('a definition', () => {
  const check = (body: unknown, name = 'orders') => computedTraitKind.check(body, name).map((p) => p.field);
  test('names what is wrong with it', () => {
    expect(check({ calc: 'sum', of: { event: 'X' } })).toEqual(['property']);
    expect(check({ calc: 'count', of: { event: 'X' }, property: 'p' })).toEqual(['property']);
    expect(check({ calc: 'count', of: {} })).toEqual(['of']);
    expect(check({ calc: 'median', of: { event: 'X' } })).toEqual(['calc']);
    expect(check({ calc: 'count', of: { event: 'X', where: [{ property: 'a', is: 'equals' }] } })).toEqual([
      'of.where.0.value',
    ]);
    expect(check({ calc: 'count', of: { event: 'X' }, window_days: 0 })).toEqual(['window_days']);
    expect(check({ calc: 'count', of: { event: 'X' } }, '$country')).toEqual(['name']);
    expect(check({ calc: 'sql', sql: 'DROP TABLE events; -- {person} {events}' })).toEqual(['sql']);
    expect(
      check({
        calc: 'sql',
        sql: 'SELECT {person} AS person, count() AS value FROM {events} GROUP BY person',
      }),
    ).toEqual([]);
  });
});
