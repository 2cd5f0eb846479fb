import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { EVENTS, type LoggedEvent } from '../collect/contract.ts';
import { anEvent } from '../collect/fixture-event.ts';
import type { Definitions } from '../govern/contract.ts';
import { DAY_MS, type FixedClock, fixedClock, HOUR_MS } from '../kernel/clock.ts';
import { tablesOf } from '../kernel/fixture-tables.ts';
import { key64, type PersonId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import { sql, statement } from '../kernel/sql.ts';
import type {
  Identifier,
  NodeId,
  PersonDirectory,
  PersonNodeSql,
  ResolvedBatch,
} from '../resolve/contract.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';

export const NOW = '2026-11-22T10:00:00.000Z';
export const NOW_MS = Date.parse(NOW);

export const iso = (ms: number): string => new Date(ms).toISOString();

export interface StoredEvent {
  readonly position: number;
  readonly event: LoggedEvent;
}

export const nodeOf = (event: Pick<LoggedEvent, 'user_id' | 'anonymous_id'>): NodeId =>
  key64(event.user_id !== '' ? `user_id:${event.user_id}` : `anonymous_id:${event.anonymous_id}`) as NodeId;

/** A track event of `ann`, with what the test changes; objects are given as objects. */
export function stored(
  position: number,
  changes: Partial<Omit<LoggedEvent, 'properties' | 'traits' | 'context'>> & {
    properties?: unknown;
    traits?: unknown;
    context?: unknown;
  } = {},
): StoredEvent {
  const { properties = {}, traits = {}, context = {}, ...rest } = changes;
  return {
    position,
    event: anEvent({
      source_id: 'shop-web',
      message_id: `m${position}`,
      event: 'Order Completed',
      user_id: 'ann',
      properties: JSON.stringify(properties),
      traits: JSON.stringify(traits),
      context: JSON.stringify(context),
      ...rest,
    }),
  };
}

/** Values that a sender may put anywhere: every one is read the same way in both languages. */
const values: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>('a', 'b', 'ä', '😀', '', '\uffff', 5, 5.5, -3, 0, true, false),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.integer({ min: -1_000, max: 1_000 }).map((n) => n / 100) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      null,
      [],
      ['a'],
      {},
      { a: 1 },
      '5',
      'x'.repeat(300),
      '😀'.repeat(200),
      2 ** 53,
      1e20,
      -1e19,
      1e21,
      'a\ud800',
      'it\'s \\ "q"\n',
    ),
  },
);

/** Events in order of arrival and any order of time, of three identifiers in 40 days. */
export const arrivals = (max: number): fc.Arbitrary<StoredEvent[]> =>
  fc
    .array(
      fc.record({
        user: fc.constantFrom('ann', 'bob', ''),
        days: fc.constantFrom(0, 0, 1, 1, 2, 6, 7, 8, 29, 30, 40),
        hours: fc.constantFrom(-9, 0, 0, 3),
        event: fc.constantFrom('Order Completed', 'Order Completed', 'Product Viewed'),
        type: fc.constantFrom<LoggedEvent['type']>('track', 'track', 'track', 'page', 'identify'),
        value: values,
        other: values,
        bot: fc.constantFrom<0 | 1>(0, 0, 0, 1),
        source_id: fc.constantFrom('shop-web', 'shop-web', 'import'),
        churn: fc.constantFrom<unknown>(0.25, 1, '0.5', undefined),
      }),
      { maxLength: max },
    )
    .map((list) =>
      list.map((e, i) =>
        stored(i + 1, {
          user_id: e.user,
          anonymous_id: 'device-1',
          type: e.type,
          event: e.type === 'identify' ? '' : e.event,
          timestamp: new Date(NOW_MS - e.days * DAY_MS - e.hours * HOUR_MS).toISOString(),
          properties: { value: e.value, deep: { er: e.other } },
          traits: e.type === 'identify' ? { plan: e.value, nested: { city: e.other } } : {},
          context: { page: { path: e.other }, scores: { churn: e.churn, Churn: 1 } },
          bot: e.bot,
          source_id: e.source_id,
        }),
      ),
    );

/** Who is one person, as resolve would say it: node -> person. */
export interface FakePeople {
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  /** Makes the identifier known. */
  know(identifier: Identifier): NodeId;
  /** These nodes are one person, that of the first. */
  join(nodes: readonly NodeId[]): Promise<void>;
  clear(): Promise<void>;
}

function fakePeople(warehouse: Warehouse): FakePeople {
  const persons = new Map<NodeId, PersonId>();
  const identifiers = new Map<NodeId, Identifier>();
  const know = (identifier: Identifier): NodeId => {
    const node = key64(`${identifier.type}:${identifier.value}`) as NodeId;
    identifiers.set(node, identifier);
    return node;
  };
  const nodesOf = (person: PersonId): NodeId[] => {
    const own = person as string as NodeId;
    const joined = [...persons].filter(([, of]) => of === person).map(([node]) => node);
    return joined.includes(own) || personOf(own) !== person ? joined : [own, ...joined];
  };
  const personOf = (node: NodeId): PersonId => persons.get(node) ?? (node as string as PersonId);
  return {
    directory: {
      nodesOf: async (people) => people.map(nodesOf),
      personsOf: async (nodes) => nodes.map(personOf),
      identifiersOf: async (people) =>
        people.map((person) => nodesOf(person).flatMap((node) => identifiers.get(node) ?? [])),
      async find({ type, value }) {
        const node = key64(`${type}:${value}`) as NodeId;
        return identifiers.has(node) ? { node, person: personOf(node) } : undefined;
      },
    },
    know,
    sql: {
      join: sql`LEFT ANY JOIN (SELECT node AS identity_node, person AS identity_person FROM people) AS identity ON node = identity_node`,
      person: sql`if(identity_node = 0, node, identity_person)`,
      node: sql`node`,
      moved: sql`SELECT node, person FROM people WHERE person != node`,
    },
    async join(nodes) {
      const [first] = nodes;
      for (const node of nodes) persons.set(node, first as string as PersonId);
      const rows = nodes.map((node) => `(${BigInt(`0x${node}`)}, ${BigInt(`0x${first}`)})`);
      await warehouse.execute(statement(`INSERT INTO people VALUES ${rows.join(',')}`));
    },
    async clear() {
      persons.clear();
      await warehouse.execute(statement('TRUNCATE TABLE people'));
    },
  };
}

export interface PeopleFixture {
  /** Its folder. */
  readonly folder: string;
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: FixedClock;
  readonly people: FakePeople;
  /** What the sink does. */
  store(events: readonly StoredEvent[]): Promise<void>;
  /** Forgets all events and who is one. */
  clearEvents(): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Real stores in a folder of their own, with the tables of collect and profile. */
export async function openPeople(): Promise<PeopleFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'people-'));
  const clock = fixedClock(NOW);
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, { clock, logger: silentLogger });
  const own = statement('CREATE TABLE people (node UInt64, person UInt64) ENGINE = MergeTree ORDER BY node');
  for (const table of [...tablesOf('collect', 'resolve', 'profile'), own]) await warehouse.execute(table);
  const people = fakePeople(warehouse);
  return {
    folder,
    warehouse,
    online,
    clock,
    people,
    store: (list) =>
      warehouse.insert(
        EVENTS,
        list.map((e) => JSON.stringify({ ...e.event, position: e.position })),
      ),
    async clearEvents() {
      await warehouse.execute(statement('TRUNCATE TABLE events'));
      await people.clear();
    },
    async clear() {
      for (const name of ['events', 'traits', 'group_traits', 'group_members'])
        await warehouse.execute(statement(`TRUNCATE TABLE ${name}`));
      await people.clear();
      const left = await online.scan('', { limit: 10_000 });
      await online.commit({ remove: left.map((entry) => entry.key) });
    },
    async close() {
      await warehouse.close();
      await online.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const definitionsOf = (
  list: readonly { readonly kind: string; readonly name: string; readonly body: unknown }[],
): Definitions => ({
  current: (kind) => list.filter((d) => d.kind === kind).map((d) => ({ ...d, version: 1 })),
  release: () => 1,
  onRelease: () => {},
});

export const batchOf = (
  events: readonly StoredEvent[],
  people: ReadonlyMap<NodeId, PersonId> = new Map(),
): ResolvedBatch => ({
  events: events.map(({ position, event }) => {
    const node = nodeOf(event);
    return { position, event, node, person: people.get(node) ?? (node as string as PersonId) };
  }),
  moves: [],
});
