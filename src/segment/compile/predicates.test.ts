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
  NOW_MS,
  nodeOf,
  openSegmentFixture,
  type SegmentFixture,
  type StoredSession,
  type StoredTrait,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { histories, leaves, rules, sessionSets, traitSets } from '../fixture-rules.ts';
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

/** a1 belongs to u1, a2 to u2; a3 is alone. */
const key = (who: string): NodeId =>
  key64(`${who.startsWith('u') ? 'user_id' : 'anonymous_id'}:${who}`) as NodeId;
const PEOPLE = new Map<NodeId, PersonId>(
  [
    ['u1', 'u1'],
    ['u2', 'u2'],
    ['u3', 'u3'],
    ['a1', 'u1'],
    ['a2', 'u2'],
    ['a3', 'a3'],
  ].map(([node = '', person = '']) => [key(node), key(person) as string as PersonId]),
);
const EVERYBODY = ['u1', 'u2', 'u3', 'a3'].map((who) => key(who) as string as PersonId);

interface World {
  readonly events: readonly { readonly position: number; readonly event: LoggedEvent }[];
  readonly traits: readonly StoredTrait[];
  readonly sessions: readonly StoredSession[];
}

const worlds: fc.Arbitrary<World> = fc
  .tuple(histories(30), traitSets, sessionSets)
  .map(([events, traits, sessions]) => ({
    events: events.map((event, i) => ({ position: i + 1, event })),
    traits: traits.map(({ who, trait, value, hours }, i) => ({
      node: key(who),
      trait,
      value,
      at_ms: NOW_MS - hours * HOUR_MS - i,
    })),
    sessions: sessions.map(({ who, hours, minutes, ...rest }) => ({
      person: PEOPLE.get(key(who)) as PersonId,
      started_ms: NOW_MS - hours * HOUR_MS,
      ended_ms: NOW_MS - hours * HOUR_MS + minutes * 60_000,
      events: rest.pages,
      ...rest,
    })),
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
  const scan = scanSql(questions, { sql: testPeople, traits: testTraits, set, now_ms });
  const rows = await fixture.warehouse.query<{ person: string; hits: number[]; timed: number }>(
    sql`SELECT ${hexOf(sql`person`)} AS person, hits, timed FROM (${scan})`,
  );
  const found = new Map<string, Set<string>>();
  for (const { person, hits } of rows) {
    found.set(person, new Set(set.segments.filter((_, i) => hits[i] === 1).map((s) => s.name)));
  }
  return found;
}

async function hold(world: World, set: SegmentSet, now_ms: number): Promise<void> {
  const found = await bySql(set, now_ms);
  for (const person of EVERYBODY) {
    const view = viewOf(person, world, set);
    const expected = set.segments.filter((s) => view.segment(s.name, now_ms)?.is).map((s) => s.name);
    expect([...(found.get(person) ?? [])].sort()).toEqual(expected);
  }
}

const moments = [NOW_MS, NOW_MS, NOW_MS - DAY_MS, NOW_MS + 3 * HOUR_MS, NOW_MS + DAY_MS];

test.each(PREDICATES.map((predicate) => predicate.name))('%s', { timeout: 60_000 }, async (name) => {
  const leaf = leaves[name];
  expect(leaf, 'every predicate is tested').toBeDefined();
  await fc.assert(
    fc.asyncProperty(
      worlds,
      fc.array(fc.record({ rule: leaf as fc.Arbitrary<object>, exclude_bots: fc.boolean() }), {
        minLength: 20,
        maxLength: 20,
      }),
      fc.constantFrom(...moments),
      async (world, list, now_ms) => {
        await store(world);
        const set = setOf(list);
        expect(set.segments.length).toBeGreaterThan(0);
        await hold(world, set, now_ms);
      },
    ),
    { numRuns: 4 },
  );
});

test('random trees', { timeout: 60_000 }, async () => {
  const tree = rules(PREDICATES.map((predicate) => predicate.name));
  await fc.assert(
    fc.asyncProperty(
      worlds,
      fc.array(fc.record({ rule: tree, exclude_bots: fc.boolean() }), { minLength: 15, maxLength: 15 }),
      fc.constantFrom(...moments),
      async (world, list, now_ms) => {
        await store(world);
        await hold(world, setOf(list), now_ms);
      },
    ),
    { numRuns: 8 },
  );
});

test('time changes an answer never before the moment that was told', () => {
  const tree = rules(PREDICATES.map((predicate) => predicate.name));
  fc.assert(
    fc.property(worlds, tree, fc.integer({ min: 0, max: 10 * 24 * 60 }), (world, rule, minutes) => {
      const set = setOf([{ rule }]);
      for (const person of EVERYBODY) {
        const answer = viewOf(person, world, set).segment('s0', NOW_MS);
        const later_ms = NOW_MS + minutes * 60_000;
        if (answer === undefined || later_ms >= answer.until_ms) continue;
        // Sessions and segments without a rule are not followed by time.
        if (!set.get('s0')?.streamable) continue;
        expect(viewOf(person, world, set).segment('s0', later_ms)?.is).toBe(answer.is);
      }
    }),
    { numRuns: 300 },
  );
});
