/**
 * A hundred segments over people and events that are made inside the warehouse: worked out for everybody, as a multiple of
 * one plain scan of the same columns in the same run; and kept up to date by the stream, for batches of growing size.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../src/collect/contract.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { tablesOf } from '../src/kernel/fixture-tables.ts';
import { key64, type PersonId } from '../src/kernel/ids.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { sql } from '../src/kernel/sql.ts';
import { createTurns } from '../src/kernel/turns.ts';
import type { PersonProfile } from '../src/profile/contract.ts';
import type { NodeId, PersonDirectory } from '../src/resolve/contract.ts';
import { logged, testPeople, testTraits } from '../src/segment/fixture.ts';
import { createPreview } from '../src/segment/preview/preview.service.ts';
import { createRefresher } from '../src/segment/refresh/refresh.service.ts';
import { BUILT_KEY, type Built, NOTHING_BUILT, streamSignals } from '../src/segment/stream/built.ts';
import {
  amongNodes,
  type HistoryRow,
  historiesSql,
  readHistory,
} from '../src/segment/stream/histories.sql.ts';
import { historyKey } from '../src/segment/stream/node-history.ts';
import { createSegmentStep } from '../src/segment/stream/segments.step.ts';
import { createStreamed, releasedSet } from '../src/segment/stream/streamed.ts';
import { createDraftGuard } from '../src/segment/validate/draft-sensitivity.service.ts';
import { createSegmentWork } from '../src/segment/work.ts';
import { openOnlineStore } from '../src/stores/online/open.ts';
import type { OnlineStore } from '../src/stores/online/port.ts';
import { openWarehouse } from '../src/stores/warehouse/open.ts';
import type { Warehouse } from '../src/stores/warehouse/port.ts';
import {
  hasDevice,
  hundredSegments,
  insertEvents,
  insertIdentities,
  insertTraits,
  TRAIT_VALUES,
} from './segments-data.ts';

const CHUNK_EVENTS = 1_000_000;
const BATCH = 1_000;
/** Batches of a round of the stream: what is written together grows with it. */
const ROUNDS = [1, 4, 16];
const QUERY_MS = 3_600_000;

interface Bench {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly people: number;
  readonly events: number;
  readonly end_ms: number;
}

export async function segments(size: { profiles: number; events: number; seed: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-segments-'));
  const online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, {
    clock: systemClock,
    logger: silentLogger,
  });
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  const bench = {
    warehouse,
    online,
    people: size.profiles,
    events: size.events,
    end_ms: systemClock.now_ms(),
  };
  try {
    const made_s = await timed(() => fill(bench));
    const scan_s = await best(2, () => plainScan(warehouse));
    const full = await fullScan(bench);
    const stream = await incremental(bench, size.seed);
    const previews = await preview(bench);
    return {
      segments: hundredSegments().length,
      profiles: size.profiles,
      events: size.events,
      full_s: round(full.again_s),
      scan_s: round(scan_s),
      full_scans: round(full.again_s / scan_s),
      first_s: round(full.first_s),
      members: full.members,
      ...stream,
      ...previews,
      made_s: round(made_s),
      rss_mb_max: Math.round(process.resourceUsage().maxRSS / 1_024),
    };
  } finally {
    await online.close();
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (n: number): number => Math.round(n * 100) / 100;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function best(times: number, work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) least = Math.min(least, await timed(work));
  return least;
}

async function fill({ warehouse, people, events, end_ms }: Bench): Promise<void> {
  for (const table of tablesOf('collect', 'resolve', 'profile', 'segment')) await warehouse.execute(table);
  for (const insert of [...insertIdentities(people), ...insertTraits(people)])
    await warehouse.execute(insert);
  for (let from = 0; from < events; from += CHUNK_EVENTS) {
    await warehouse.execute(insertEvents(from, Math.min(CHUNK_EVENTS, events - from), people, end_ms));
  }
}

/** Every column that the rules read, once. */
const plainScan = (warehouse: Warehouse) =>
  warehouse.query(
    sql`SELECT sum(node), sum(cityHash64(event, type, source_id, user_id)), sum(bot), sum(position), sum(toUnixTimestamp64Milli(timestamp)), sum(cityHash64(properties)) FROM events`,
    { timeout_ms: QUERY_MS },
  );

const definitions = {
  current: (kind: string) => (kind === 'segment' ? hundredSegments() : []),
  release: () => 1,
  onRelease: () => {},
};

/** What a build would have left: all signals complete, all segments numbered and worked out. */
function builtAll(): Built {
  const set = releasedSet(definitions)();
  const keep = (ms: number) => (Number.isFinite(ms) ? ms : null);
  return {
    signals: Object.fromEntries([...streamSignals(set, NOTHING_BUILT)].map(([key, ms]) => [key, keep(ms)])),
    segments: Object.fromEntries(
      set.segments.map(({ name, fingerprint }, i) => [name, { id: i + 1, fingerprint, refreshed_ms: 1 }]),
    ),
    next_id: set.segments.length + 1,
  };
}

const userNode = (person: number) => key64(`user_id:u${person}`) as NodeId;
const deviceNode = (person: number) => key64(`anonymous_id:d${person}`) as NodeId;
const asPerson = (node: NodeId) => node as string as PersonId;

/** People by number, as far as the stream meets them. */
function createDirectory() {
  const numbers = new Map<string, number>();
  const directory: PersonDirectory = {
    nodesOf: async (people) =>
      people.map((person) => {
        const number = numbers.get(person) ?? -1;
        return hasDevice(number) ? [userNode(number), deviceNode(number)] : [userNode(number)];
      }),
    personsOf: async (nodes) => nodes.map(asPerson),
    identifiersOf: async (people) =>
      people.map((person) => [{ type: 'user_id', value: `u${numbers.get(person)}` }]),
    find: async () => undefined,
  };
  const profile = (person: PersonId): PersonProfile => ({
    person,
    nodes: [],
    names: () => [],
    isPending: () => false,
    read(name) {
      const value = TRAIT_VALUES[name]?.(numbers.get(person) ?? 0);
      return value === undefined
        ? undefined
        : { value, at_ms: 0, until_ms: Number.POSITIVE_INFINITY, source_id: 'b' };
    },
  });
  return {
    directory,
    reader: { profilesOf: async (people: readonly PersonId[]) => people.map(profile) },
    meet: (person: number) => void numbers.set(userNode(person), person),
  };
}

const workDeps = ({ warehouse, online }: Bench) => ({
  warehouse,
  online,
  clock: systemClock,
  logger: silentLogger,
  definitions,
  turns: createTurns(),
  ...createDirectory(),
  sql: testPeople,
  traits: testTraits,
  emit: async () => {},
});

/** Everybody for the first time, with states and rows for all members; and again, when nothing has changed. */
async function fullScan(bench: Bench): Promise<{ first_s: number; again_s: number; members: number }> {
  const deps = workDeps(bench);
  const set = releasedSet(definitions)();
  const built = builtAll();
  const streamed = createStreamed(set, built, new Map());
  const { states } = createSegmentStep({ ...deps, streamed: () => streamed, memory_max: 10_000 });
  await bench.online.commit({
    put: [
      { key: BUILT_KEY, value: built },
      { key: 'segment:position', value: bench.events },
    ],
  });
  const refresh = createRefresher({ ...deps, states, timedTraits: () => new Set() });
  let members = 0;
  const first_s = await timed(async () => {
    members = (await refresh(set.segments, set, built, 'first')).entered;
  });
  const again_s = await timed(() => refresh(set.segments, set, built, 'refresh'));
  return { first_s, again_s, members };
}

/** Rules of different shapes before they are saved: with a trend over four weeks and the overlap with all segments. */
async function preview(bench: Bench): Promise<{ preview_s_max: number; preview_looked_at: number }> {
  const deps = workDeps(bench);
  const draftGuard = createDraftGuard({ ...deps, sensitiveFields: () => [] });
  const ask = createPreview({
    ...deps,
    released: releasedSet(definitions),
    found: { list: async () => [] },
    draftGuard,
  });
  let most = 0;
  let looked_at = 0;
  const rules = hundredSegments().filter(({ name }) => name.endsWith('-5'));
  for (const [i, { body }] of rules.entries()) {
    const { rule } = body as { rule: unknown };
    const seconds = await timed(async () => {
      looked_at = (await ask({ rule, exclude_bots: true, trend_days: 28, sample: 5 }, false)).looked_at;
    });
    // The first one also counts people and events.
    if (i > 0) most = Math.max(most, seconds);
  }
  return { preview_s_max: round(most), preview_looked_at: looked_at };
}

/** Batches of a thousand events of people drawn at random, written as the feed writes them. */
async function incremental(bench: Bench, seed: number): Promise<object> {
  const deps = workDeps(bench);
  const work = createSegmentWork(deps);
  const figures: Record<string, number> = {};
  let position = bench.events;
  for (const [nth, batches] of ROUNDS.entries()) {
    const people = Array.from({ length: batches * BATCH }, (_, i) => draw(seed + nth, i, bench.people));
    for (const person of people) deps.meet(person);
    await prepare(people, bench);
    const events = people.map((person, i) => eventOf(person, i, position + i + 1, bench.end_ms));
    position += events.length;
    const seconds = await timed(async () => {
      for (let from = 0; from < events.length; from += BATCH) {
        await work.step.add({ events: events.slice(from, from + BATCH), moves: [] });
      }
      const { rows, online } = await work.step.take();
      for (const { into, lines } of rows) await bench.warehouse.insert(into, lines);
      await bench.online.commit(online);
      work.step.committed();
    });
    figures[`incremental_ms_per_1000_events_at_${batches * BATCH}`] = round((seconds / batches) * 1_000);
    figures['incremental_ms_per_1000_events'] = round((seconds / batches) * 1_000);
  }
  return figures;
}

/** A number below `below` that looks random. */
const draw = (seed: number, i: number, below: number): number =>
  Number.parseInt(key64(`${seed} ${i}`).slice(0, 12), 16) % below;

function eventOf(person: number, i: number, position: number, now_ms: number) {
  const event: LoggedEvent = logged({
    message_id: `n${position}`,
    event: i % 10 === 0 ? 'Order Completed' : 'Product Viewed',
    user_id: `u${person}`,
    anonymous_id: `d${person}`,
    timestamp: new Date(now_ms).toISOString(),
    properties: JSON.stringify({
      product_id: 'p1',
      category: 'Shoes',
      price: 10,
      ...(i % 10 === 0 ? { total: 80 } : {}),
    }),
  });
  return { position, event, node: userNode(person), person: asPerson(userNode(person)) };
}

/** Histories of these people, as a build would have made them. */
async function prepare(people: readonly number[], { warehouse, online, events }: Bench): Promise<void> {
  const set = releasedSet(definitions)();
  const signals = [...streamSignals(set, NOTHING_BUILT).keys()].flatMap(
    (key) => set.signals.get(key)?.signal ?? [],
  );
  for (let from = 0; from < people.length; from += BATCH) {
    const nodes = people
      .slice(from, from + BATCH)
      .flatMap((person) => [userNode(person), deviceNode(person)]);
    const query = historiesSql(signals, { sql: testPeople, where: amongNodes(nodes), position: events });
    const rows = await warehouse.query<HistoryRow>(query, { timeout_ms: QUERY_MS });
    await online.commit({
      put: rows.map((row) => ({
        key: historyKey(row.owner),
        value: readHistory(row, signals, undefined, events),
      })),
    });
  }
}
