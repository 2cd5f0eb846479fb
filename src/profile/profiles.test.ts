import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { IMPORT_BASE } from '../collect/contract.ts';
import { DAY_MS } from '../kernel/clock.ts';
import type { PersonId } from '../kernel/ids.ts';
import { hexOf } from '../kernel/key64.ts';
import { silentLogger } from '../kernel/logger.ts';
import { join, sql } from '../kernel/sql.ts';
import { createTurns } from '../kernel/turns.ts';
import type { NodeId } from '../resolve/contract.ts';
import { currentTraits } from './computed/compile.ts';
import { createProfileReader, createProfiles, type Profiles } from './create-profiles.ts';
import {
  arrivals,
  batchOf,
  definitionsOf,
  iso,
  NOW_MS,
  nodeOf,
  openPeople,
  type PeopleFixture,
  type StoredEvent,
  stored,
} from './fixture-people.ts';
import { createTraitSql } from './trait-sql.service.ts';

const trait = (name: string, body: unknown) => ({ kind: 'computed-trait', name, body });
const orders = { event: 'Order Completed' };
const DEFINITIONS = [
  trait('orders', { calc: 'count', of: orders }),
  trait('orders_7d', { calc: 'count', of: orders, window_days: 7 }),
  trait('spent', { calc: 'sum', of: orders, property: 'value' }),
  trait('favourite', { calc: 'most_frequent', of: { type: 'track' }, property: 'deep.er' }),
];

let fixture: PeopleFixture;
beforeAll(async () => {
  fixture = await openPeople();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.clear());

const deps = (list: readonly { kind: string; name: string; body: unknown }[] = DEFINITIONS) => ({
  online: fixture.online,
  warehouse: fixture.warehouse,
  clock: fixture.clock,
  logger: silentLogger,
  definitions: definitionsOf(list),
  turns: createTurns(),
  directory: fixture.people.directory,
  sql: fixture.people.sql,
});
const never = new AbortController().signal;

/** What the feed does at a flush. */
async function flush(profiles: Profiles): Promise<void> {
  const { rows, online } = await profiles.step.take();
  for (const { into, lines } of rows) await fixture.warehouse.insert(into, lines);
  await fixture.online.commit(online);
  profiles.step.committed();
}

async function stream(profiles: Profiles, events: readonly StoredEvent[], size = 1_000): Promise<void> {
  for (let at = 0; at < events.length; at += size) {
    await profiles.step.add(batchOf(events.slice(at, at + size)));
    await flush(profiles);
  }
}

type Answer = Record<string, Record<string, unknown>>;

function note(answer: Answer, trait: string, person: string, value: unknown): void {
  answer[trait] = { ...answer[trait], [person]: value };
}

/** Trait -> person -> value, as readers see it. */
async function read(
  profiles: Pick<Profiles, 'reader'>,
  people: readonly string[],
  now_ms = NOW_MS,
): Promise<Answer> {
  const answer: Answer = {};
  for (const profile of await profiles.reader.profilesOf(people as PersonId[])) {
    for (const name of profile.names()) {
      const reading = profile.read(name, now_ms);
      if (reading !== undefined) note(answer, name, profile.person, reading.value);
    }
  }
  return answer;
}

/** The same, from the warehouse. */
async function readSql(names: readonly string[], now_ms = NOW_MS): Promise<Answer> {
  const { warehouse, people } = fixture;
  const traits = createTraitSql({
    warehouse,
    computed: currentTraits(definitionsOf(DEFINITIONS)),
    sql: people.sql,
  });
  const queries = names.map((name) => {
    const query = traits.traitQuery(name, now_ms);
    if (query === undefined) throw new Error(name);
    return sql`SELECT ${name} AS trait, ${hexOf(sql`person`)} AS person, value FROM (${query})`;
  });
  const answer: Answer = {};
  if (queries.length === 0) return answer;
  const rows = await warehouse.query<{ trait: string; person: string; value: string }>(
    join(queries, ' UNION ALL '),
  );
  for (const { trait, person, value } of rows) note(answer, trait, person, JSON.parse(value));
  return answer;
}

const STORED = [
  'plan',
  'nested',
  '$locale',
  '$country',
  '$consent.ads',
  '$first_campaign',
  '$campaign',
  '$first_seen',
  '$last_seen',
  'group.account',
  'score.churn',
  'nested.city',
  ...DEFINITIONS.map((d) => d.name),
];

/** Events with contexts, group calls and consent. */
const lives = arrivals(30).chain((events) =>
  fc
    .array(
      fc.record({
        locale: fc.constantFrom('de-DE', 'en-US', undefined),
        country: fc.constantFrom('DE', 'FR', undefined),
        ads: fc.constantFrom(true, false, 'maybe', undefined),
        campaign: fc.constantFrom('a', 'b', undefined),
        group: fc.constantFrom('', '', 'acme', 'umbrella'),
      }),
      { minLength: events.length, maxLength: events.length },
    )
    .map((lives) =>
      events.map((one, i): StoredEvent => {
        const life = lives[i];
        const context = {
          ...JSON.parse(one.event.context),
          locale: life?.locale,
          location: { country: life?.country },
          consent: { categoryPreferences: { ads: life?.ads } },
          ...(life?.campaign === undefined ? {} : { campaign: { source: life.campaign } }),
        };
        const group =
          life?.group === '' ? {} : { type: 'group' as const, event: '', group_id: life?.group ?? '' };
        return { ...one, event: { ...one.event, ...group, context: JSON.stringify(context) } };
      }),
    ),
);

const peopleOf = (events: readonly StoredEvent[], joined: boolean): string[] => {
  const nodes = [...new Set(events.map(({ event }) => nodeOf(event)))];
  return joined ? nodes.slice(0, 1).concat(nodes.slice(2)) : nodes;
};

async function maybeJoin(events: readonly StoredEvent[], joined: boolean): Promise<void> {
  const nodes = [...new Set(events.map(({ event }) => nodeOf(event)))].slice(0, 2);
  if (joined && nodes.length === 2) await fixture.people.join(nodes);
}

describe('a profile', () => {
  test('is the same from the stream, whatever the batches, and in SQL; also after a merge', async () => {
    await fc.assert(
      fc.asyncProperty(lives, fc.integer({ min: 1, max: 12 }), fc.boolean(), async (events, size, joined) => {
        await fixture.clear();
        await fixture.store(events);
        const profiles = createProfiles(deps());
        await profiles.countComputed(never);
        await stream(profiles, events, size);
        await maybeJoin(events, joined);
        const people = peopleOf(events, joined);
        const streamed = await read(profiles, people);
        const { nested } = streamed;
        const expected = nested === undefined ? streamed : { ...streamed, ...cityOf(nested) };
        expect(await readSql(STORED)).toEqual(withoutSome(expected));
        const cold = { reader: createProfileReader(deps()) };
        expect(await read(cold, people)).toEqual(streamed);
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  test('is the same in any order, and when batches are taken back and added again', async () => {
    await fc.assert(
      fc.asyncProperty(
        lives,
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.nat()),
        async (events, size, chance) => {
          const shuffled = events
            .map((one) => ({ one, key: chance.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }, i) => ({ ...one, position: i + 1 }));
          await fixture.clear();
          const straight = createProfiles(deps());
          await straight.countComputed(never);
          await stream(straight, events);
          const expected = await read(straight, peopleOf(events, false));
          await fixture.clear();
          const shaken = createProfiles(deps());
          await shaken.countComputed(never);
          for (let at = 0; at < shuffled.length; at += size) {
            const batch = batchOf(shuffled.slice(at, at + size));
            await shaken.step.add(batch);
            // A crash after half of the states were committed.
            const { online } = await shaken.step.take();
            const put = online.put ?? [];
            await fixture.online.commit({
              put: put.slice(0, Math.floor(put.length / 2)).filter((p) => p.key.startsWith('node:')),
            });
            shaken.step.reset();
            await shaken.step.add(batch);
            await flush(shaken);
          }
          expect(await read(shaken, peopleOf(events, false))).toEqual(expected);
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  test('is the same when part of its events were imported in bulk, once or twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        lives,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        async (events, from, imported) => {
          await fixture.clear();
          const straight = createProfiles(deps());
          await straight.countComputed(never);
          await stream(straight, events);
          const people = peopleOf(events, false);
          const expected = await read(straight, people);
          await fixture.clear();
          const bulk = events
            .slice(from, from + imported)
            .map((one, i) => ({ ...one, position: IMPORT_BASE + i }));
          const rest = [...events.slice(0, from), ...events.slice(from + imported)];
          await fixture.store([...bulk, ...rest]);
          const mixed = createProfiles(deps());
          await mixed.countComputed(never);
          const half = Math.floor(rest.length / 2);
          await stream(mixed, rest.slice(0, half));
          const range = { from: new Date(NOW_MS - 60 * DAY_MS), to: new Date(NOW_MS + 2 * DAY_MS) };
          const done = await mixed.importHistory(range);
          await stream(mixed, rest.slice(half));
          expect(await read(mixed, people)).toEqual(expected);
          expect(await mixed.importHistory(range)).toMatchObject({ nodes: done.nodes });
          expect(await read(mixed, people)).toEqual(expected);
          expect(await readSql(['plan', 'orders', 'spent', '$consent.ads'])).toEqual(
            Object.fromEntries(
              Object.entries(expected).filter(([name]) =>
                ['plan', 'orders', 'spent', '$consent.ads'].includes(name),
              ),
            ),
          );
        },
      ),
      { numRuns: 6 },
    );
  }, 60_000);
});

test('a name with dots is read as it was said, else inside of a trait, alike in both languages', async () => {
  const said = (position: number, user_id: string, traits: unknown) =>
    stored(position, { type: 'identify', event: '', user_id, traits });
  const events = [
    said(1, 'ann', { address: { city: { name: 'Berlin' } } }),
    said(2, 'bob', { address: { city: { name: 'Berlin' } }, 'address.city.name': 'Bonn' }),
    said(3, 'cem', { address: { city: { name: 'Berlin' } }, 'address.city.name': null }),
    said(4, 'dan', { 'address.city': { name: 'Rome' }, address: { city: { name: 'Berlin' } } }),
    said(5, 'eve', { group: { account: 'acme' }, address: 'Berlin' }),
  ];
  await fixture.store(events);
  const profiles = createProfiles(deps());
  await stream(profiles, events);
  const nodes = events.map(({ event }) => nodeOf(event));
  const [ann, bob, , dan] = nodes as [NodeId, NodeId, NodeId, NodeId];
  const found = await profiles.reader.profilesOf(nodes as string[] as PersonId[]);
  const streamed: Answer = {};
  const names = ['address.city.name', 'group.account'];
  for (const profile of found)
    for (const name of names) {
      const reading = profile.read(name, NOW_MS);
      if (reading !== undefined) note(streamed, name, profile.person, reading.value);
    }
  expect(streamed).toEqual({ 'address.city.name': { [ann]: 'Berlin', [bob]: 'Bonn', [dan]: 'Rome' } });
  expect(await readSql(names)).toEqual(streamed);
});

/** Traits that no question asks for above. */
function withoutSome(answer: Answer): Answer {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => STORED.includes(name)));
}

function cityOf(nested: Record<string, unknown>): Answer {
  const cities = Object.entries(nested).flatMap(([person, value]) => {
    const city = (value as { city?: unknown }).city;
    return city === undefined || city === null ? [] : [[person, city]];
  });
  return cities.length === 0 ? {} : { 'nested.city': Object.fromEntries(cities) };
}

describe('computed traits', () => {
  test('count once what was taken back before their history is read', async () => {
    const events = [1, 2, 3].map((position) => stored(position));
    await fixture.store(events);
    const profiles = createProfiles(deps());
    await profiles.step.add(batchOf(events));
    profiles.step.reset();
    await stream(profiles, events.slice(0, 1));
    await profiles.countComputed(never);
    await stream(profiles, events.slice(1));
    const ann = nodeOf({ user_id: 'ann', anonymous_id: '' });
    expect((await read(profiles, [ann]))['orders']).toEqual({ [ann]: 3 });
  });

  test('are unknown until their history is counted, and then exact while the stream goes on', async () => {
    const events = Array.from({ length: 9 }, (_, i) => stored(i + 1, { properties: { value: 1 } }));
    await fixture.store(events);
    await stream(createProfiles(deps([])), events.slice(0, 6));
    const profiles = createProfiles(deps());
    await stream(profiles, events.slice(6, 8));
    const ann = nodeOf({ user_id: 'ann', anonymous_id: '' });
    const isPending = async () =>
      (await profiles.reader.profilesOf([ann as string as PersonId]))[0]?.isPending('orders');
    expect((await read(profiles, [ann]))['orders']).toBeUndefined();
    expect(await isPending()).toBe(true);
    await profiles.countComputed(never);
    expect((await read(profiles, [ann]))['orders']).toEqual({ [ann]: 8 });
    expect(await isPending()).toBe(false);
    await stream(profiles, events.slice(8));
    expect((await read(profiles, [ann]))['orders']).toEqual({ [ann]: 9 });
    expect((await read(profiles, [ann]))['spent']).toEqual({ [ann]: 9 });
  });

  test('in SQL run by their schedule and keep what changed', async () => {
    const body = {
      calc: 'sql',
      sql: 'SELECT {person} AS person, uniq(event) AS value FROM {events} GROUP BY person',
    };
    const events = [stored(1), stored(2, { event: 'Refunded' }), stored(3, { user_id: 'bob' })];
    await fixture.store(events);
    const profiles = createProfiles(deps([trait('kinds', body)]));
    await stream(profiles, events);
    await profiles.runSqlTraits(never);
    const [ann, bob] = ['ann', 'bob'].map((user_id) => nodeOf({ user_id, anonymous_id: '' })) as [
      NodeId,
      NodeId,
    ];
    expect((await read(profiles, [ann, bob]))['kinds']).toEqual({ [ann]: 2, [bob]: 1 });
    expect((await readSql(['kinds']))['kinds']).toEqual({ [ann]: 2, [bob]: 1 });
    await fixture.store([stored(4, { event: 'Other' })]);
    await profiles.runSqlTraits(never);
    expect((await read(profiles, [ann]))['kinds']).toEqual({ [ann]: 2 });
    fixture.clock.advance(2 * DAY_MS);
    await profiles.runSqlTraits(never);
    expect((await read(profiles, [ann]))['kinds']).toEqual({ [ann]: 3 });
    fixture.clock.set(NOW_MS);
  });
});

describe('consent', () => {
  const said = (position: number, user_id: string, days_ago: number, ads: boolean) =>
    stored(position, {
      user_id,
      timestamp: iso(NOW_MS - days_ago * DAY_MS),
      context: { consent: { categoryPreferences: { ads } } },
    });

  test('a no is not undone by a yes that another device only repeats', async () => {
    const events = [
      said(1, 'phone', 9, true),
      said(2, 'laptop', 8, true),
      said(3, 'laptop', 5, false),
      said(4, 'phone', 1, true),
    ];
    await fixture.store(events);
    const profiles = createProfiles(deps());
    await stream(profiles, events);
    const nodes = ['phone', 'laptop'].map((user_id) => nodeOf({ user_id, anonymous_id: '' }));
    await fixture.people.join(nodes);
    const [person] = nodes as [NodeId];
    expect((await read(profiles, [person]))['$consent.ads']).toEqual({ [person]: false });
    expect(await readSql(['$consent.ads'])).toEqual({ '$consent.ads': { [person]: false } });
    await stream(profiles, [said(5, 'laptop', 0.5, true)]);
    expect((await read(profiles, [person]))['$consent.ads']).toEqual({ [person]: true });
  });
});
