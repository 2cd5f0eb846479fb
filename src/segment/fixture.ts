/** Segments on real stores in a folder of their own, with people, traits and events that a test makes up. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENTS, type LoggedEvent } from '../collect/contract.ts';
import { anEvent } from '../collect/fixture-event.ts';
import { type FixedClock, fixedClock } from '../kernel/clock.ts';
import { tablesOf } from '../kernel/fixture-tables.ts';
import { key64, type PersonId } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import { sql, statement } from '../kernel/sql.ts';
import { type Json, SESSIONS, TRAITS, type TraitSql } from '../profile/contract.ts';
import { IDENTITIES, type NodeId, type PersonNodeSql } from '../resolve/contract.ts';
import { openControlDb } from '../stores/control/open.ts';
import type { ControlDb } from '../stores/control/port.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';

export const NOW = '2026-11-22T10:00:00.000Z';
export const NOW_MS = Date.parse(NOW);

export const iso = (ms: number): string => new Date(ms).toISOString();
export const nodeOf = ({ user_id, anonymous_id }: Pick<LoggedEvent, 'user_id' | 'anonymous_id'>): NodeId =>
  key64(user_id !== '' ? `user_id:${user_id}` : `anonymous_id:${anonymous_id}`) as NodeId;

/** An order of `ann`, with what the test changes. */
export const logged = (changes: Partial<LoggedEvent>): LoggedEvent =>
  anEvent({ source_id: 'shop-web', event: 'Order Completed', user_id: 'ann', ...changes });

const moved = sql`SELECT node, person FROM ${IDENTITIES} FINAL WHERE person != node`;

/** People without shared devices: a node goes to one person. */
export const testPeople: PersonNodeSql = {
  join: sql`LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${moved})) AS moved_nodes ON node = moved_node`,
  person: sql`if(moved_node = 0, node, moved_person)`,
  node: sql`node`,
  moved,
};

/** Traits that are stored; the value said last counts. */
export const testTraits: TraitSql = {
  traitQuery: (trait) => sql`
    SELECT if(moved_person = 0, node, moved_person) AS person, argMax(value, (at, value)) AS value
    FROM ${TRAITS} FINAL
    LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${moved})) AS m ON node = moved_node
    WHERE trait = ${trait} GROUP BY person`,
  traitNames: async () => [],
};

export interface StoredTrait {
  readonly node: NodeId;
  readonly trait: string;
  readonly value: Json;
  readonly at_ms: number;
}

export interface StoredSession {
  readonly person: PersonId;
  readonly started_ms: number;
  readonly ended_ms: number;
  readonly pages: number;
  readonly events: number;
  readonly campaign: string;
}

export interface SegmentFixture {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly control: ControlDb;
  readonly clock: FixedClock;
  clear(): Promise<void>;
  storeEvents(events: readonly { readonly position: number; readonly event: LoggedEvent }[]): Promise<void>;
  storeTraits(traits: readonly StoredTrait[]): Promise<void>;
  storeSessions(sessions: readonly StoredSession[]): Promise<void>;
  /** Every node with its person. */
  storeIdentities(people: ReadonlyMap<NodeId, PersonId>, version: number): Promise<void>;
  close(): Promise<void>;
}

export async function openSegmentFixture(): Promise<SegmentFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'segment-'));
  const clock = fixedClock(NOW);
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, { clock, logger: silentLogger });
  const control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  for (const { store, script } of migrationFiles('segment', new URL('index.ts', import.meta.url).href)) {
    if (store === 'control') await control.script(script);
  }
  for (const table of tablesOf('collect', 'resolve', 'profile', 'segment')) await warehouse.execute(table);
  const tables = ['events', 'sessions', 'traits', 'identities', 'segment_members', 'segment_changes'];
  let sessions = 0;
  const number = (hex: string) => BigInt(`0x${hex}`).toString();
  return {
    warehouse,
    online,
    control,
    clock,
    async clear() {
      for (const name of tables) await warehouse.execute(statement(`TRUNCATE TABLE ${name}`));
      for (let left = await online.scan('', { limit: 1_000 }); left.length > 0; ) {
        await online.commit({ remove: left.map((entry) => entry.key) });
        left = await online.scan('', { limit: 1_000 });
      }
    },
    storeEvents: (list) =>
      warehouse.insert(
        EVENTS,
        list.map((e) => JSON.stringify({ ...e.event, position: e.position })),
      ),
    storeTraits: (list) =>
      warehouse.insert(
        TRAITS,
        list.map(({ node, trait, value, at_ms }) =>
          JSON.stringify({
            trait,
            node: number(node),
            value: JSON.stringify(value),
            at: iso(at_ms),
            version: 1,
          }),
        ),
      ),
    storeSessions: (list) =>
      warehouse.insert(
        SESSIONS,
        list.map(({ person, started_ms, ended_ms, ...rest }) =>
          JSON.stringify({
            session_id: `20261101-${++sessions}`,
            person_id: person,
            started_at: iso(started_ms),
            ended_at: iso(ended_ms),
            ...rest,
          }),
        ),
      ),
    storeIdentities: (people, version) =>
      warehouse.insert(
        IDENTITIES,
        [...people].map(([node, person]) =>
          JSON.stringify({ node: number(node), person: number(person), type: 'user_id', version }),
        ),
      ),
    async close() {
      await warehouse.close();
      await online.close();
      await control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
