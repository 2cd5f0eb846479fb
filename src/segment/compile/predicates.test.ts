/** Memory and SQL give the same answer: for every predicate, and for random trees of all of them. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedEvent } from '../../collect/contract.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { key64 } from '../../kernel/ids.ts';
import { hexOf } from '../../kernel/key64.ts';
import { sql } from '../../kernel/sql.ts';
import type { NodeId } from '../../resolve/contract.ts';
import {
  iso,
  logged,
  NOW_MS,
  nodeOf,
  openSegmentFixture,
  type SegmentFixture,
  type StoredSession,
  type StoredTrait,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { changeMoments, histories, leaves, rules, sessionSets, traitSets } from '../fixture-rules.ts';
import { PREDICATES } from '../predicates/index.ts';
import type { PersonView } from '../predicates/predicate.ts';
import { readable } from '../rules/event-field.ts';
import { byMoment, type Mark } from '../rules/signal.ts';
import { scanSql } from './scan.sql.ts';
import { compileSet, type SegmentSet, viewIn } from './segment-set.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

/** Each run asks some eighty rules of all households at once. */
const RUNS = 4;

/** Several households of six identifiers: a1 belongs to u1, a2 to u2; a3 is alone. */
const HOUSES = 6;
const key = (who: string): NodeId =>
  key64(`${who.startsWith('u') ? 'user_id' : 'anonymous_id'}:${who}`) as NodeId;
const house = <T>(one: (nth: number) => readonly T[]): T[] =>
  Array.from({ length: HOUSES }, (_, i) => one(i)).flat();
const PEOPLE = new Map<NodeId, PersonId>(
  house((i) =>
    [
      ['u1', 'u1'],
      ['u2', 'u2'],
      ['u3', 'u3'],
      ['a1', 'u1'],
      ['a2', 'u2'],
      ['a3', 'a3'],
    ].map(
      ([node = '', person = '']) =>
        [key(`${node}-${i}`), key(`${person}-${i}`) as string as PersonId] as const,
    ),
  ),
);
const EVERYBODY = [...new Set(PEOPLE.values())];

interface World {
  readonly events: readonly { readonly position: number; readonly event: LoggedEvent }[];
  readonly traits: readonly StoredTrait[];
  readonly sessions: readonly StoredSession[];
}

const worlds: fc.Arbitrary<World> = fc
  .array(fc.tuple(histories(25), traitSets, sessionSets), { minLength: HOUSES, maxLength: HOUSES })
  .map((houses) => ({
    events: houses
      .flatMap(([events], i) =>
        events.map((event) => ({
          ...event,
          user_id: event.user_id === '' ? '' : `${event.user_id}-${i}`,
          anonymous_id: `${event.anonymous_id}-${i}`,
        })),
      )
      .map((event, i) => ({ position: i + 1, event })),
    traits: houses.flatMap(([, traits], i) =>
      traits.map(({ who, trait, value, hours }, nth) => ({
        node: key(`${who}-${i}`),
        trait,
        value,
        at_ms: NOW_MS - hours * HOUR_MS - nth,
      })),
    ),
    sessions: houses.flatMap(([, , sessions], i) =>
      sessions.map(({ who, hours, minutes, ...rest }) => ({
        person: PEOPLE.get(key(`${who}-${i}`)) as PersonId,
        started_ms: NOW_MS - hours * HOUR_MS,
        ended_ms: NOW_MS - hours * HOUR_MS + minutes * 60_000,
        events: rest.pages,
        ...rest,
      })),
    ),
  }));

async function store(world: World): Promise<void> {
  await fixture.clear();
  await fixture.storeIdentities(PEOPLE, 1);
  await fixture.storeEvents(world.events);
  const newest = new Map(
    world.traits.toSorted((a, b) => a.at_ms - b.at_ms).map((t) => [`${t.trait} ${t.node}`, t]),
  );
  await fixture.storeTraits([...newest.values()]);
  await fixture.storeSessions(world.sessions);
}

function viewOf(person: PersonId, world: World, set: SegmentSet): PersonView {
  const own = world.events.filter(({ event }) => PEOPLE.get(nodeOf(event)) === person);
  return viewIn(
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
        const last = world.traits
          .filter((t) => t.trait === name && PEOPLE.get(t.node) === person)
          .sort((a, b) => a.at_ms - b.at_ms)
          .at(-1);
        return last && { value: last.value, until_ms: Number.POSITIVE_INFINITY };
      },
      sessions: () => world.sessions.filter((s) => s.person === person),
    },
    {
      seen: own.length > 0,
      known: own.some(({ event }) => event.bot === 0 && event.source_id !== 'plumbline'),
    },
  );
}

const setOf = (list: readonly { rule: object; exclude_bots?: boolean }[]): SegmentSet =>
  compileSet(
    list.map((one, i) => ({
      kind: 'segment',
      name: `s${i}`,
      version: 1,
      body: { label: 'x', owner: 'x', purpose: 'x', ...one },
    })),
  );

async function bySql(set: SegmentSet, now_ms: number): Promise<Map<string, Set<string>>> {
  const questions = set.segments.map(({ rule, body, holds_for_nobody_known }) => ({
    rule,
    exclude_bots: body.exclude_bots,
    holds_for_nobody_known,
    now_ms,
  }));
  // Another question of the same scan may be about a later moment.
  const scan = scanSql(questions, {
    sql: testPeople,
    traits: testTraits,
    set,
    now_ms: now_ms + 5 * DAY_MS,
  });
  const rows = await fixture.warehouse.query<{ person: string; hits: number[]; timed: number }>(
    sql`SELECT ${hexOf(sql`person`)} AS person, hits, timed FROM (${scan})`,
  );
  const found = new Map<string, Set<string>>();
  for (const { person, hits } of rows) {
    found.set(person, new Set(set.segments.filter((_, i) => hits[i] === 1).map((s) => s.name)));
  }
  return found;
}

/** People and rules for which the two differ. */
async function differences(world: World, set: SegmentSet, now_ms: number): Promise<string[]> {
  const found = await bySql(set, now_ms);
  return EVERYBODY.flatMap((person) => {
    const view = viewOf(person, world, set);
    return set.segments.flatMap(({ name, body }) => {
      const expected = view.segment(name, now_ms)?.is === true;
      const got = found.get(person)?.has(name) === true;
      return expected === got
        ? []
        : [`${person} ${got} by SQL, ${expected} in memory: ${JSON.stringify(body.rule)}`];
    });
  });
}

const moments = fc.constantFrom(NOW_MS, NOW_MS, NOW_MS - DAY_MS, NOW_MS + 3 * HOUR_MS, NOW_MS + DAY_MS);

test('every predicate is tested', () => {
  expect(Object.keys(leaves)).toEqual(PREDICATES.map((predicate) => predicate.name));
});

test.each([
  [
    'each predicate',
    PREDICATES.flatMap(({ name }) => Array.from({ length: 6 }, () => leaves[name] as fc.Arbitrary<object>)),
  ],
  ['random trees', Array.from({ length: 40 }, () => rules(PREDICATES.map(({ name }) => name)))],
])('%s: the same answer in memory and in SQL', { timeout: 120_000 }, async (_, list) => {
  const asked = fc.tuple(...list.map((rule) => fc.record({ rule, exclude_bots: fc.boolean() })));
  await fc.assert(
    fc.asyncProperty(worlds, asked, moments, async (world, questions, now_ms) => {
      await store(world);
      expect(await differences(world, setOf(questions), now_ms)).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

test('an event that is still ahead counts from its moment on, and is told until when', () => {
  const rule = { predicate: 'first_last', which: 'first', event: 'A', op: 'older_than_days', value: 1 };
  const set = setOf([{ rule }]);
  const event = { ...logged({ event: 'A', user_id: 'u1-0' }), timestamp: iso(NOW_MS + HOUR_MS) };
  const world = { events: [{ position: 1, event }], traits: [], sessions: [] };
  const until_ms = viewOf(key('u1-0') as string as PersonId, world, set).segment('s0', NOW_MS)?.until_ms;
  expect(until_ms).toBe(NOW_MS + HOUR_MS + DAY_MS);
});

test('time changes an answer never before the moment that was told', () => {
  const tree = rules(PREDICATES.map((predicate) => predicate.name));
  fc.assert(
    fc.property(worlds, tree, (world, rule) => {
      const set = setOf([{ rule }]);
      // Sessions and segments without a rule are not followed by time.
      if (!set.get('s0')?.streamable) return;
      for (const person of EVERYBODY.slice(0, 4)) {
        const answer = viewOf(person, world, set).segment('s0', NOW_MS);
        if (answer === undefined) continue;
        const own = world.events.filter(({ event }) => PEOPLE.get(nodeOf(event)) === person);
        const moments = changeMoments(
          rule,
          own.map(({ event }) => Date.parse(event.timestamp)),
        );
        for (const later_ms of new Set(moments)) {
          if (later_ms <= NOW_MS || later_ms >= answer.until_ms) continue;
          expect(viewOf(person, world, set).segment('s0', later_ms)?.is).toBe(answer.is);
        }
      }
    }),
    { numRuns: 400 },
  );
});
