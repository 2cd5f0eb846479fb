/** The thread that keeps memberships, over a warehouse in which everybody is their own node, for tests of discovery. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definitions } from '../govern/contract.ts';
import { type Clock, fixedClock } from '../kernel/clock.ts';
import { controlScriptOf } from '../kernel/fixture-tables.ts';
import { silentLogger } from '../kernel/logger.ts';
import { sql } from '../kernel/sql.ts';
import { createTurns } from '../kernel/turns.ts';
import { TRAITS, type TraitSql } from '../profile/contract.ts';
import type { NodeId, PersonDirectory } from '../resolve/contract.ts';
import { openControlDb } from '../stores/control/open.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { PEOPLE } from './fixture-events.ts';
import { assignedRuns, BUILT_KEY, type Built, NOTHING_BUILT } from './stream/built.ts';
import { giveAll } from './use/fixture-use.ts';
import { createSegmentWork } from './work.ts';

/** Everybody is one node. */
export const directory: PersonDirectory = {
  nodesOf: async (people) => people.map((person) => [person as string as NodeId]),
  personsOf: async (nodes) => nodes.map((node) => node as string as never),
  identifiersOf: async (people) => people.map((person) => [{ type: 'user_id', value: person }]),
  find: async () => undefined,
};
const traits: TraitSql = {
  traitQuery: () => sql`SELECT node AS person, value FROM ${TRAITS}`,
  traitNames: async () => [],
};

export function openMemberships(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly definitions: Definitions;
}) {
  const told: { readonly event: string; readonly properties: Readonly<Record<string, unknown>> }[] = [];
  const work = createSegmentWork({
    ...deps,
    logger: silentLogger,
    turns: createTurns(),
    directory,
    reader: { profilesOf: async () => [] },
    sql: { ...PEOPLE, node: sql`node` },
    traits,
    emit: async (events) => void told.push(...events),
  });
  return {
    work,
    told,
    assignedRuns: async () => assignedRuns((await deps.online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT),
    async jobs() {
      await giveAll(deps.online, { segments: [] });
      for (const job of work.jobs) await job.run({ signal: new AbortController().signal });
    },
  };
}

/** The two small stores in a folder of their own. */
export async function openStores(now_ms: number) {
  const folder = mkdtempSync(join(tmpdir(), 'discover-'));
  const control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  await control.script(controlScriptOf('segment'));
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, {
    clock: fixedClock(now_ms),
    logger: silentLogger,
  });
  return {
    control,
    online,
    async close() {
      await online.close();
      await control.close();
      rmSync(folder, { recursive: true });
    },
  };
}
