import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { EVENTS, type LoggedEvent } from '../collect/contract.ts';
import type { Definitions } from '../govern/contract.ts';
import { createRuns } from '../govern/runs/runs.service.ts';
import { type FixedClock, fixedClock, HOUR_MS, MINUTE_MS } from '../kernel/clock.ts';
import { tablesOf } from '../kernel/fixture-tables.ts';
import { key64, type PersonId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import { sql, statement } from '../kernel/sql.ts';
import { createTurns, type Turns } from '../kernel/turns.ts';
import type { NodeId, PersonDirectory, PersonNodeSql } from '../resolve/contract.ts';
import { compileRules } from '../resolve/rules/compile-rules.ts';
import { identifierRules } from '../resolve/rules/identifier-rules.ts';
import { openControlDb } from '../stores/control/open.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { SessionRow } from './contract.ts';
import { createProfile, type Profile } from './index.ts';
import { createSessions, type Sessions } from './sessions/create-sessions.ts';
import type { StoredEvent } from './sessions/session-event.ts';
import type { CompiledRules } from './sessions/session-rules.ts';
import { type SessionSummary, sessionRow } from './sessions/session-summary.ts';
import type { SessionStep } from './sessions/sessions.step.ts';

export const NOW = '2026-11-22T10:00:00.000Z';
const NOW_MS = Date.parse(NOW);

export const iso = (ms: number): string => new Date(ms).toISOString();

/** As the log has it: with the identifiers that its person is made from. */
export interface ArrivedEvent extends StoredEvent {
  readonly event: StoredEvent['event'] & Pick<LoggedEvent, 'user_id' | 'anonymous_id'>;
}

/** Nobody is joined with anybody here: the person is the key of the user id, else of the anonymous id. */
export const personKey = ({
  user_id,
  anonymous_id,
}: Pick<LoggedEvent, 'user_id' | 'anonymous_id'>): PersonId =>
  key64(user_id !== '' ? `user_id:${user_id}` : `anonymous_id:${anonymous_id}`) as PersonId;

export const ANN = personKey({ user_id: 'ann', anonymous_id: '' });

/** An event of a page seen by `ann`, with what the test changes. */
export function stored(position: number, changes: Partial<ArrivedEvent['event']> = {}): ArrivedEvent {
  const event = {
    source_id: 'shop-web',
    message_id: `m${position}`,
    type: 'page',
    event: '',
    user_id: 'ann',
    anonymous_id: 'device-1',
    timestamp: NOW,
    received_at: changes.timestamp ?? NOW,
    context: '{}',
    bot: 0,
    ...changes,
  } as const;
  return { position, person: personKey(event), event };
}

const contextOf = (campaign: string, path: string): string =>
  JSON.stringify({
    ...(path === '' ? {} : { page: { path, referrer: `https://from.example${path}`, title: 'Ü "x" \\ y' } }),
    ...(campaign === '' ? {} : { campaign: { source: campaign, medium: 'cpc', name: 'spring' } }),
  });

/** Contexts that a sender may get wrong: every one is read the same way in both languages. */
const ODD_CONTEXTS = [
  '{}',
  '{"page":null,"campaign":[]}',
  '{"page":{"path":17,"referrer":true},"campaign":{"source":1.5,"medium":{"a":1}}}',
  '{"page":{"path":"17","referrer":"true"},"campaign":{"source":"[1]","name":"{}"}}',
  '{"page":{"path":"\\ud800"},"campaign":{"source":"a"}}',
  '{"page":{"path":"\\\\ud800"}}',
  JSON.stringify({ page: { path: `/${'ä😀'.repeat(400)}` } }),
  JSON.stringify({ page: { path: "/it's \\ \n\t" }, campaign: { name: 'only' } }),
];

/**
 * Events in order of arrival, in any order of time, in the two days before NOW: clustered, so that gaps, midnights,
 * ties and campaigns meet.
 */
export const arrivals = (max: number): fc.Arbitrary<ArrivedEvent[]> =>
  fc
    .array(
      fc.record({
        person: fc.constantFrom('ann', 'bob', ''),
        hour: fc.constantFrom(0, 1, 2, 9, 10, 34, 35),
        minute: fc.integer({ min: 0, max: 90 }),
        second: fc.constantFrom(0, 0, 0, 30),
        type: fc.constantFrom('page', 'track', 'screen', 'identify'),
        context: fc.oneof(
          {
            weight: 6,
            arbitrary: fc
              .tuple(fc.constantFrom('', '', '', 'a', 'b'), fc.constantFrom('', '/x', '/y'))
              .map(([c, p]) => contextOf(c, p)),
          },
          { weight: 1, arbitrary: fc.constantFrom(...ODD_CONTEXTS) },
        ),
        source_id: fc.constantFrom('shop-web', 'shop-web', 'shop-app', 'shop-app', 'import'),
        late: fc.constantFrom(0, 0, 0, 5),
        bot: fc.constantFrom<0 | 1>(0, 0, 0, 0, 1),
        name: fc.constantFrom('', 'Home', '🐙'),
      }),
      { maxLength: max },
    )
    .map((list) =>
      list.map((e, i) => {
        const at_ms = NOW_MS - e.hour * HOUR_MS - e.minute * MINUTE_MS - e.second * 1_000;
        return stored(i + 1, {
          user_id: e.person,
          anonymous_id: e.person === '' ? 'device-2' : 'device-1',
          message_id: `${(i * 7919) % 101}-é-${i}`,
          source_id: e.source_id,
          type: e.type as LoggedEvent['type'],
          event: e.name,
          timestamp: iso(at_ms),
          received_at: iso(Math.min(NOW_MS, at_ms + e.late * HOUR_MS)),
          context: e.context,
          bot: e.bot,
        });
      }),
    );

export interface ProfileFixture extends Profile {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: FixedClock;
  readonly sessions: Sessions;
  readonly turns: Turns;
  /** Forgets all events, sessions and states. */
  clear(): Promise<void>;
  /** What the sink does. */
  store(events: readonly ArrivedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** Profile on real stores in a folder of its own. */
export async function openProfile(rules_body?: unknown): Promise<ProfileFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const clock = fixedClock(NOW);
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, { clock, logger: silentLogger });
  const definitions = definitionsOf(rules_body);
  const turns = createTurns();
  const control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  const profile = createProfile({
    warehouse,
    online,
    control,
    clock,
    logger: silentLogger,
    definitions,
    runs: createRuns({ control, clock, logger: silentLogger }),
    directory: EVERYBODY_ALONE,
    sql: NOBODY_JOINED,
    identifiers: identifierRules(() => compileRules()),
    append: async () => {},
    import_dir: join(folder, 'import'),
  });
  const sessions = createSessions({
    warehouse,
    online,
    clock,
    definitions,
    turns,
    sql: NOBODY_JOINED,
    directory: { personsOf: async (nodes) => nodes.map((node) => node as string as PersonId) },
  });
  for (const table of tablesOf('collect', 'resolve', 'profile')) await warehouse.execute(table);
  return {
    ...profile,
    warehouse,
    online,
    clock,
    sessions,
    turns,
    async clear() {
      await warehouse.execute(statement('TRUNCATE TABLE events'));
      await warehouse.execute(statement('TRUNCATE TABLE sessions'));
      const left = await online.scan('session', { limit: 1_000 });
      await online.commit({ remove: left.map((entry) => entry.key) });
      sessions.step.reset();
    },
    store: (list) =>
      warehouse.insert(
        EVENTS,
        list.map((e) => JSON.stringify({ ...e.event, position: e.position })),
      ),
    async close() {
      await warehouse.close();
      await online.close();
      await control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Everybody is the identifier that the events came with. */
export const NOBODY_JOINED: PersonNodeSql = {
  join: sql``,
  person: sql`node`,
  node: sql`node`,
  moved: sql`SELECT toUInt64(0) AS node, toUInt64(0) AS person WHERE false`,
};

const EVERYBODY_ALONE: PersonDirectory = {
  nodesOf: async (people) => people.map((person) => [person as string as NodeId]),
  personsOf: async (nodes) => nodes.map((node) => node as string as PersonId),
  identifiersOf: async (people) => people.map(() => []),
  find: async () => undefined,
};

const definitionsOf = (body: unknown): Definitions => ({
  current: () => (body === undefined ? [] : [{ kind: 'session-rules', name: 'default', version: 1, body }]),
  release: () => 1,
  onRelease: () => {},
});

type Comparable = Omit<SessionRow, 'session_id' | 'reopened' | 'version' | 'removed'>;

/** Without what depends on the order of arrival. */
export function comparable({
  session_id: _i,
  reopened: _r,
  version: _v,
  removed: _d,
  ...row
}: SessionRow): Comparable {
  return row;
}

export const comparableSummary = (
  person_id: string,
  session: SessionSummary,
  rules: CompiledRules,
): Comparable => comparable(sessionRow(person_id, session, rules));

export function byStart<T extends Comparable>(rows: readonly T[]): T[] {
  const key = (r: T) =>
    `${r.person_id} ${r.started_at} ${r.ended_at} ${r.campaign} ${r.entry_path} ${r.events}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** A batch of its own: added and taken at once. */
export async function runStep(step: SessionStep, events: readonly StoredEvent[]) {
  await step.add(events);
  return step.take();
}
