/**
 * Identities at speed: a stream in which half of the events say something new about who is who, through the real step
 * with its stores on disk, written as the feed writes it. People have one to four devices, sign in on each, leave mail
 * addresses before they have an account, and one device in twenty is shared.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../src/collect/contract.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { migrationFiles, statements } from '../src/kernel/migration-files.ts';
import { createRng, type Rng } from '../src/kernel/rng.ts';
import { statement } from '../src/kernel/sql.ts';
import { record } from '../src/resolve/fixture.ts';
import { createIdentityGraph } from '../src/resolve/graph/identity-graph.ts';
import { createIdentityWork } from '../src/resolve/identity-work.service.ts';
import { createResolveStep, type ResolveStep, type StoredRecord } from '../src/resolve/resolve.step.ts';
import { compileRules } from '../src/resolve/rules/compile-rules.ts';
import { openOnlineStore } from '../src/stores/online/open.ts';
import type { OnlineStore } from '../src/stores/online/port.ts';
import { openWarehouse } from '../src/stores/warehouse/open.ts';
import type { Warehouse } from '../src/stores/warehouse/port.ts';

const BATCH = 1_000;
const FLUSH_EVENTS = 100_000;
const INSERT_ROWS = 20_000;
const COMMIT_PUTS = 2_000;
/** Events of one person: so many are generated before the next person begins to mix in. */
const EVENTS_A_PERSON = 10;
const ACTIVE = 2_000;
const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

export async function resolve({ events, seed }: { events: number; seed: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-resolve-'));
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, {
    clock: systemClock,
    logger: silentLogger,
  });
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  try {
    await migrate(warehouse);
    const rules = compileRules();
    const graph = createIdentityGraph({ online, rules: () => rules });
    const step = createResolveStep({
      work: createIdentityWork({ online, warehouse, graph }),
      rules: () => rules,
    });
    const stream = generate(createRng(seed), events);
    const done = await run(step, stream, { online, warehouse });
    const bytes = statSync(join(folder, 'online', 'data.mdb')).size;
    return {
      events,
      identifiers: done.identifiers,
      merges: done.merges,
      seconds: Math.round(done.seconds * 10) / 10,
      events_per_s: Math.round(events / done.seconds),
      merges_per_s: Math.round(done.merges / done.seconds),
      step_us_per_event: Math.round((done.step_seconds / events) * 1e7) / 10,
      mb_per_million_identifiers: Math.round((bytes / 1e6 / done.identifiers) * 1e6),
      rss_mb_max: Math.round(process.resourceUsage().maxRSS / 1_024),
    };
  } finally {
    await online.close();
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function migrate(warehouse: Warehouse): Promise<void> {
  const here = new URL('../src/resolve/index.ts', import.meta.url).href;
  for (const { id, script } of migrationFiles('resolve', here))
    if (id.endsWith('001-identities'))
      for (const each of statements(script)) await warehouse.execute(statement(each));
}

async function run(
  step: ResolveStep,
  stream: Iterable<StoredRecord>,
  stores: { readonly online: OnlineStore; readonly warehouse: Warehouse },
) {
  let batch: StoredRecord[] = [];
  let since = 0;
  let seconds = 0;
  let step_seconds = 0;
  let merges = 0;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    seconds += (performance.now() - began) / 1_000;
    return result;
  };
  const add = async () => {
    const began = performance.now();
    const { moves } = await timed(() => step.add(batch));
    step_seconds += (performance.now() - began) / 1_000;
    merges += moves.length;
    since += batch.length;
    batch = [];
  };
  const seen = new Set<string>();
  const flush = async () => {
    const { rows, online } = await timed(() => step.take());
    for (const { into, lines } of rows) {
      if (into.name === 'identities')
        for (const line of lines) seen.add((JSON.parse(line) as { identifier: string }).identifier);
      for (let at = 0; at < lines.length; at += INSERT_ROWS)
        await timed(() => stores.warehouse.insert(into, lines.slice(at, at + INSERT_ROWS)));
    }
    const { put = [], remove = [] } = online;
    for (let at = 0; at < put.length; at += COMMIT_PUTS)
      await timed(() => stores.online.commit({ put: put.slice(at, at + COMMIT_PUTS) }));
    await timed(() => stores.online.commit({ remove }));
    step.committed();
    since = 0;
  };
  for (const record of stream) {
    batch.push(record);
    if (batch.length === BATCH) await add();
    if (since >= FLUSH_EVENTS) await flush();
  }
  await add();
  await flush();
  return { seconds, step_seconds, identifiers: seen.size, merges };
}

interface Visitor {
  readonly n: number;
  readonly devices: readonly string[];
  left: number;
  signed_in: Set<string>;
}

function* generate(rng: Rng, events: number): Generator<StoredRecord> {
  const active: Visitor[] = [];
  let people = 0;
  for (let position = 1; position <= events; position++) {
    while (active.length < Math.min(ACTIVE, Math.ceil(events / EVENTS_A_PERSON)))
      active.push(visitor(rng, people++));
    const at = rng.int(active.length);
    const person = active[at] as Visitor;
    yield { position, event: eventOf(rng, person, position) };
    person.left -= 1;
    if (person.left === 0) active[at] = visitor(rng, people++);
  }
}

function visitor(rng: Rng, n: number): Visitor {
  const count = 1 + rng.int(4);
  const devices = Array.from({ length: count }, (_, i) =>
    // Shared with whoever comes next.
    rng.next() < 0.05 ? `device-shared-${n >> 1}` : `device-${n}-${i}`,
  );
  return { n, devices, left: 2 + rng.int(2 * EVENTS_A_PERSON - 3), signed_in: new Set() };
}

function eventOf(rng: Rng, person: Visitor, position: number): LoggedEvent {
  const device = person.devices[rng.int(person.devices.length)] as string;
  const draw = rng.next();
  const email = `person-${person.n}@shop.example`;
  const knows = person.signed_in.has(device);
  const signs_in = !knows && draw < 0.5;
  if (signs_in) person.signed_in.add(device);
  const user_id = knows || signs_in ? `user-${person.n}` : '';
  const traits = signs_in
    ? { email, ...(draw < 0.1 ? { phone: `+49170${1_000_000 + person.n}` } : {}) }
    : draw > 0.9
      ? { email }
      : undefined;
  return event(position, user_id, device, traits);
}

function event(
  position: number,
  user_id: string,
  anonymous_id: string,
  traits: object | undefined,
): LoggedEvent {
  const at = new Date(START_MS + position * 100).toISOString();
  return {
    ...BARE,
    message_id: `m${position}`,
    type: traits === undefined ? 'page' : 'identify',
    user_id,
    anonymous_id,
    timestamp: at,
    original_timestamp: at,
    sent_at: at,
    received_at: at,
    traits: traits === undefined ? '{}' : JSON.stringify(traits),
  };
}

const BARE: LoggedEvent = {
  ...record(0, { t: 0 }).event,
  properties: '{"path":"/shop","title":"Shop","url":"https://shop.example/shop"}',
  context: '{"page":{"path":"/shop"},"locale":"de-DE","library":{"name":"analytics.js","version":"1"}}',
};
