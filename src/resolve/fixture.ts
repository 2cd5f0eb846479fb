/** Real stores in a temporary folder, and events short enough to read. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { EVENTS } from '../collect/contract.ts';
import { anEvent } from '../collect/fixture-event.ts';
import type { Definitions } from '../govern/contract.ts';
import { type FixedClock, fixedClock, MINUTE_MS } from '../kernel/clock.ts';
import { tablesOf } from '../kernel/fixture-tables.ts';
import { silentLogger } from '../kernel/logger.ts';
import { statement } from '../kernel/sql.ts';
import { createTurns } from '../kernel/turns.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { ResolvedBatch } from './contract.ts';
import { createResolveWork, type ResolveWork } from './index.ts';
import type { StoredRecord } from './resolve.step.ts';

export const START_MS = Date.parse('2026-11-01T00:00:00.000Z');
export const NOW = '2026-11-22T10:00:00.000Z';

export interface SomeEvent {
  readonly u?: string;
  readonly a?: string;
  readonly email?: string;
  readonly previous?: string;
  readonly crm?: string;
  /** Minutes after the start. */
  readonly t: number;
}

export function record(
  position: number,
  { u = '', a = '', email, previous, crm, t }: SomeEvent,
): StoredRecord {
  const at = new Date(START_MS + t * MINUTE_MS).toISOString();
  const traits = { ...(email === undefined ? {} : { email }), ...(crm === undefined ? {} : { crm_id: crm }) };
  const event = anEvent({
    message_id: `m${position}`,
    type: previous !== undefined ? 'alias' : Object.keys(traits).length > 0 ? 'identify' : 'page',
    user_id: u,
    anonymous_id: a,
    previous_id: previous ?? '',
    timestamp: at,
    original_timestamp: at,
    sent_at: at,
    received_at: at,
    traits: JSON.stringify(traits),
  });
  return { position, event };
}

export const insertEvents = (warehouse: Warehouse, records: readonly StoredRecord[]): Promise<void> =>
  warehouse.insert(
    EVENTS,
    records.map(({ position, event }) => JSON.stringify({ position, ...event })),
  );

const DAY_MINUTES = 24 * 60;
/** Close together, days apart, and at the very edge of a window of whole days. */
const moment = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 8 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 * DAY_MINUTES }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -1, max: 8 }))
      .map(([days, minutes]) => days * DAY_MINUTES + minutes),
  },
);

const device = fc.constantFrom('d1', 'd2', 'd3', 'd4', 'd5');

/** Few identifiers that meet often: limits, shared devices and late arrivals come by themselves. */
const anyEvent: fc.Arbitrary<SomeEvent> = fc.record(
  {
    u: fc.constantFrom('ann', 'bob', 'cyd', 'null'),
    a: device,
    email: fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org', 'd@x.org'),
    previous: fc.constantFrom('ann', 'old', 'd1'),
    crm: fc.constantFrom('c1', 'c2'),
    t: moment,
  },
  { requiredKeys: ['t'] },
);

/** One person and more devices than a window holds; a device alone says nothing but when it was there. */
const deviceEvent: fc.Arbitrary<SomeEvent> = fc.record(
  { a: device, email: fc.constant('a@x.org'), t: moment },
  { requiredKeys: ['a', 't'] },
);

export const someEvents: fc.Arbitrary<SomeEvent[]> = fc.oneof(
  fc.array(anyEvent, { minLength: 1, maxLength: 25 }),
  fc.array(deviceEvent, { minLength: 4, maxLength: 12 }),
);

export const withIdentity = (events: readonly SomeEvent[]): SomeEvent[] =>
  events
    .filter(({ u, a }) => (u !== undefined && u !== 'null') || a !== undefined)
    .map(({ previous, ...event }, i) =>
      previous !== undefined && i % 4 === 0 ? { ...event, previous } : event,
    );

export function definitionsOf(body: () => unknown, release: () => number = () => 1): Definitions {
  return {
    current: (kind) => {
      const found = body();
      return kind === 'identity-rules' && found !== undefined
        ? [{ kind, name: 'default', version: 1, body: found }]
        : [];
    },
    release,
    onRelease: () => {},
  };
}

export interface Stores {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: FixedClock;
  work(definitions?: Definitions): ResolveWork;
  close(): Promise<void>;
}

export async function openStores(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'resolve-'));
  const clock = fixedClock(NOW);
  const deps = { clock, logger: silentLogger };
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, deps);
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  for (const table of tablesOf('collect', 'resolve')) await warehouse.execute(table);
  return {
    online,
    warehouse,
    clock,
    work: (definitions = definitionsOf(() => undefined)) =>
      createResolveWork({ online, warehouse, ...deps, definitions, turns: createTurns() }),
    async close() {
      await online.close();
      await warehouse.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function flush({ step }: ResolveWork, { warehouse, online }: Stores): Promise<void> {
  const { rows, online: changes } = await step.take();
  for (const { into, lines } of rows) if (lines.length > 0) await warehouse.insert(into, lines);
  await online.commit(changes);
  step.committed();
}

/** Streams in batches of the given sizes, in one commit. */
export async function stream(
  work: ResolveWork,
  stores: Stores,
  records: readonly StoredRecord[],
  size = 1_000,
): Promise<ResolvedBatch[]> {
  const batches: ResolvedBatch[] = [];
  for (let at = 0; at < records.length; at += size)
    batches.push(await work.step.add(records.slice(at, at + size)));
  await flush(work, stores);
  return batches;
}

/** Forgets everything, so that one pair of stores serves many cases. */
export async function empty(
  { online, warehouse }: Stores,
  tables: readonly string[] = ['events', 'identities', 'identity_changes'],
): Promise<void> {
  const keys = (await online.scan('identity', { limit: 100_000 })).map((entry) => entry.key);
  if (keys.length > 0) await online.commit({ remove: keys });
  for (const name of tables) await warehouse.execute(statement(`TRUNCATE TABLE ${name}`));
}
