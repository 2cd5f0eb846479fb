/**
 * Works segments out for everybody with one scan, and writes only what differs from before. The scan runs beside the
 * stream, as of one position of the log; people whom the stream looked at meanwhile are left to the stream.
 */
import type { PersonId } from '../../kernel/ids.ts';
import { render, type Sql, sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { problemOf } from '../compile/engine-problem.service.ts';
import { planScan, questionOf, SCAN_PEOPLE_BYTES } from '../compile/scan.sql.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { RefreshResult } from '../contract.ts';
import { type Built, isStreamed } from '../stream/built.ts';
import type { Watched } from '../stream/segments.step.ts';
import { type ApplyDeps, type AskedSegment, apply, type RefreshCause } from './apply-answers.service.ts';
import {
  bytesPerEvent,
  countPeople,
  emptyScan,
  REFRESHES,
  runScan,
  type Sizes,
  sizesOf,
} from './refresh.sql.ts';
import { partOf, UNWATCHED, type Watch } from './watch.ts';

/** Of one query that can be split; longer ones take the engine much longer to plan. */
const TEXT_MAX = 220_000;
/** Part of a refresh that is scanned; what follows is writing differences. */
const SCANNING = 0.85;

export function createRefresher(deps: ScanDeps) {
  /** `built` has numbers for all of them. */
  async function refresh(
    segments: readonly CompiledSegment[],
    set: SegmentSet,
    built: Built,
    cause: RefreshCause,
    watch: Watch = UNWATCHED,
  ): Promise<RefreshResult> {
    const { now_ms, position, watched } = await begin(deps);
    try {
      const scan = scanFor(segments, set, { now_ms, position }, deps);
      const whole = scan(undefined);
      const split = () => {
        watched.end();
        return inHalves(segments, (half, nth) => refresh(half, set, built, cause, partOf(watch, nth, 2)));
      };
      if (isTooLong(segments, whole.query)) return await split();
      for (const statement of emptyScan()) await deps.warehouse.execute(statement);
      const [size = { events: 0, people: 0 }] = await deps.warehouse.query<Sizes>(sizesOf());
      const parts = Math.max(1, Math.ceil((size.people * whole.bytes_per_person) / SCAN_PEOPLE_BYTES));
      for (let nth = 0; nth < parts; nth++) {
        watch.signal.throwIfAborted();
        watch.progress((SCANNING * nth) / parts, `scanning events, part ${nth + 1} of ${parts}`);
        const people = parts === 1 ? undefined : sql`person != 0 AND intHash64(person) % ${parts} = ${nth}`;
        const problem = await problemOf(deps.warehouse.execute(runScan(scan(people).query, size.events)));
        if (problem === undefined) continue;
        return segments.length > 1 ? await split() : leftOut(segments, problem);
      }
      watch.signal.throwIfAborted();
      watch.progress(SCANNING, 'writing who entered and who exited');
      const people = (await deps.warehouse.query<{ people: number }>(countPeople()))[0]?.people ?? 0;
      const moved = await apply(
        segments.map(asked),
        built,
        { now_ms, cause, people: size.people },
        // Where nobody is in yet, an answer of who they were before is better than none.
        { touched: watched.people, moved: cause === 'refresh' ? watched.moved : new Set<PersonId>() },
        deps,
      );
      const seconds = (deps.clock.now_ms() - now_ms) / 1_000;
      const cost = await costOf(size.events * parts, deps.warehouse);
      const done = { people, ...moved, seconds, ...cost, left_out: [] };
      await record(segments, cause, now_ms, done, deps.warehouse);
      return done;
    } finally {
      watched.end();
    }
  }
  return refresh;
}

export type Refresher = ReturnType<typeof createRefresher>;

export const NOTHING: RefreshResult = {
  people: 0,
  entered: 0,
  exited: 0,
  seconds: 0,
  rows_read: 0,
  bytes_read: 0,
  left_out: [],
};

export const leftOut = (segments: readonly { readonly name: string }[], problem: string): RefreshResult => ({
  ...NOTHING,
  left_out: segments.map(({ name }) => ({ segment: name, problem })),
});

/** A scan is of what the stream has counted up to here; whom it looks at from now on is named. */
export async function begin({
  clock,
  turns,
  states,
}: Pick<ApplyDeps, 'clock' | 'turns' | 'states'>): Promise<{
  readonly now_ms: number;
  readonly position: number;
  readonly watched: Watched & { end(): void };
}> {
  const now_ms = clock.now_ms();
  const passOn = await turns.take();
  try {
    return { now_ms, position: await states.position(), watched: states.watch() };
  } finally {
    passOn();
  }
}

/** Then it is asked in several parts. */
export const isTooLong = (parts: readonly unknown[], query: Sql): boolean =>
  parts.length > 1 && render(query, 'clickhouse-literal').text.length > TEXT_MAX;

async function inHalves(
  segments: readonly CompiledSegment[],
  run: (half: readonly CompiledSegment[], nth: number) => Promise<RefreshResult>,
): Promise<RefreshResult> {
  const middle = Math.ceil(segments.length / 2);
  const [a, b] = [await run(segments.slice(0, middle), 0), await run(segments.slice(middle), 1)];
  const sum = (of: (result: RefreshResult) => number) => of(a) + of(b);
  return {
    people: Math.max(a.people, b.people),
    entered: sum((r) => r.entered),
    exited: sum((r) => r.exited),
    seconds: sum((r) => r.seconds),
    rows_read: sum((r) => r.rows_read),
    bytes_read: sum((r) => r.bytes_read),
    left_out: [...a.left_out, ...b.left_out],
  };
}

export type ScanDeps = ApplyDeps & {
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  /** Traits that change with time alone. */
  readonly timedTraits: () => ReadonlySet<string>;
};

/** The scan of everybody, or of the people for whom a condition holds, and their nodes. */
export const scanFor =
  (
    segments: readonly CompiledSegment[],
    set: SegmentSet,
    at: { readonly now_ms: number; readonly position: number },
    deps: Pick<ScanDeps, 'sql' | 'traits' | 'timedTraits'>,
  ) =>
  (people: Sql | undefined, nodes?: Sql) =>
    planScan(
      segments.map((segment) => questionOf(segment, at.now_ms)),
      { sql: deps.sql, traits: deps.traits, timed_traits: deps.timedTraits(), set, people, nodes, ...at },
    );

export const asked = (segment: CompiledSegment): AskedSegment => ({
  name: segment.name,
  version: segment.version,
  label: segment.body.label,
  streamed: isStreamed(segment),
});

/** A scan reads every event once; the bytes are what such events have on average. */
async function costOf(
  rows_read: number,
  warehouse: Warehouse,
): Promise<{ rows_read: number; bytes_read: number }> {
  const [each] = await warehouse.query<{ bytes: number }>(bytesPerEvent());
  return { rows_read, bytes_read: Math.round(rows_read * (each?.bytes ?? 0)) };
}

const record = (
  segments: readonly CompiledSegment[],
  cause: RefreshCause,
  now_ms: number,
  { left_out: _, ...result }: RefreshResult,
  warehouse: Warehouse,
): Promise<void> =>
  warehouse.insert(REFRESHES, [
    JSON.stringify({
      at: new Date(now_ms).toISOString(),
      segments: segments.map((segment) => segment.name),
      cause,
      ...result,
    }),
  ]);
