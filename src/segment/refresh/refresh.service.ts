/**
 * Works segments out for everybody with one scan, and writes only what differs from before. The scan runs beside the
 * stream, as of one position of the log; people whom the stream looked at meanwhile are left to the stream.
 */
import type { Clock } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { key64, type PersonId } from '../../kernel/ids.ts';
import { render, type Sql, sql } from '../../kernel/sql.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { OnlineStore, Put } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { planScan, type Question, SCAN_PEOPLE_BYTES } from '../compile/scan.sql.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { RefreshResult, SegmentChange } from '../contract.ts';
import { type Built, isStreamed } from '../stream/built.ts';
import { type Change, changeEvent, digitsOf, type NamedSegment, outboxKey } from '../stream/changes.ts';
import { type NodeRange, nodeRanges } from '../stream/histories.sql.ts';
import { type MemberState, memberKey, NO_MEMBER, timerKey } from '../stream/member-state.ts';
import { type SegmentStates, VERSION_KEY } from '../stream/segments.step.ts';
import {
  bytesPerEvent,
  countPeople,
  differencesByPerson,
  emptyScan,
  findDifferences,
  insertChanges,
  insertMembers,
  type PersonDifference,
  REFRESHES,
  runScan,
  type ScannedSegments,
  type Sizes,
  SKIPPED,
  sizesOf,
  timedPeople,
} from './refresh.sql.ts';
import { partOf, UNWATCHED, type Watch } from './watch.ts';

export type RefreshCause = Extract<SegmentChange['cause'], 'first' | 'release' | 'refresh'>;

/** What writing answers needs. */
export interface ApplyDeps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly states: SegmentStates;
}

interface Deps extends ApplyDeps {
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  /** Traits that change with time alone. */
  readonly timedTraits: () => ReadonlySet<string>;
}

/** A query of more text than this is refused by the engine, so segments are taken in several scans. */
const TEXT_MAX = 220_000;
/** People whose differences are written while the stream waits. */
const SLICE_PEOPLE = 100_000;
/** Part of a refresh that is scanned; what follows is writing differences. */
const SCANNING = 0.85;
const COMMIT_STATES = 2_000;
/** Timers that a scan sets are spread over this long. */
const SPREAD_MS = 10 * MINUTE_MS;

export function createRefresher(deps: Deps) {
  /** `built` has numbers for all of them. */
  async function refresh(
    segments: readonly CompiledSegment[],
    set: SegmentSet,
    built: Built,
    cause: RefreshCause,
    watch: Watch = UNWATCHED,
  ): Promise<RefreshResult> {
    const now_ms = deps.clock.now_ms();
    const passOn = await deps.turns.take();
    const position = await deps.states.position();
    const watched = deps.states.watch();
    passOn();
    try {
      const scan = scanFor(segments, set, { now_ms, position }, deps);
      const whole = scan(undefined);
      if (segments.length > 1 && render(whole.query, 'clickhouse-literal').text.length > TEXT_MAX) {
        watched.end();
        return await inHalves(segments, (half, nth) =>
          refresh(half, set, built, cause, partOf(watch, nth, 2)),
        );
      }
      for (const statement of emptyScan()) await deps.warehouse.execute(statement);
      const [size = { events: 0, people: 0 }] = await deps.warehouse.query<Sizes>(sizesOf());
      const parts = Math.max(1, Math.ceil((size.people * whole.bytes_per_person) / SCAN_PEOPLE_BYTES));
      for (let nth = 0; nth < parts; nth++) {
        watch.signal.throwIfAborted();
        watch.progress((SCANNING * nth) / parts, `scanning events, part ${nth + 1} of ${parts}`);
        const people = parts === 1 ? undefined : sql`person != 0 AND intHash64(person) % ${parts} = ${nth}`;
        await deps.warehouse.execute(runScan(scan(people).query, size.events));
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
      const done = { people, ...moved, seconds, ...(await costOf(size.events * parts, deps.warehouse)) };
      await record(segments, cause, now_ms, done, deps.warehouse);
      return done;
    } finally {
      watched.end();
    }
  }
  return refresh;
}

export type Refresher = ReturnType<typeof createRefresher>;

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
  };
}

export const questionOf = (
  { rule, body, holds_for_nobody_known }: CompiledSegment,
  now_ms: number,
): Question => ({
  rule,
  exclude_bots: body.exclude_bots,
  holds_for_nobody_known,
  now_ms,
});

/** The scan of everybody, or of the people for whom a condition holds. */
const scanFor =
  (
    segments: readonly CompiledSegment[],
    set: SegmentSet,
    at: { readonly now_ms: number; readonly position: number },
    deps: Pick<Deps, 'sql' | 'traits' | 'timedTraits'>,
  ) =>
  (people: Sql | undefined) =>
    planScan(
      segments.map((segment) => questionOf(segment, at.now_ms)),
      { sql: deps.sql, traits: deps.traits, timed_traits: deps.timedTraits(), set, people, ...at },
    );

/** A segment that there are answers for. */
export interface AskedSegment extends NamedSegment {
  /** The stream decides it too: people whom it looked at meanwhile are left to it. */
  readonly streamed: boolean;
}

const asked = (segment: CompiledSegment): AskedSegment => ({
  name: segment.name,
  version: segment.version,
  label: segment.body.label,
  streamed: isStreamed(segment),
});

interface Answers {
  readonly touched: ReadonlySet<PersonId>;
  /** Joined or parted since: what scans decide went along with them, and the answers are of who they were before. */
  readonly moved: ReadonlySet<PersonId>;
  /** Puts the answers of a slice where `runScan` puts all of them; left out when they are there. */
  readonly fill?: (range: NodeRange) => Promise<void>;
}

/** Slice by slice of people: states first, then rows, so that a slice cut off by a crash differs again the next time. */
export async function apply(
  segments: readonly AskedSegment[],
  built: Built,
  at: { readonly now_ms: number; readonly cause: RefreshCause; readonly people: number },
  { touched, moved, fill }: Answers,
  deps: ApplyDeps,
): Promise<{ entered: number; exited: number }> {
  const { warehouse, turns, states } = deps;
  const scanned: ScannedSegments = {
    names: segments.map((segment) => segment.name),
    versions: segments.map((segment) => segment.version),
    streamed: segments.flatMap(({ streamed }, i) => (streamed ? [i + 1] : [])),
  };
  const ranges = nodeRanges(Math.max(1, Math.ceil(at.people / SLICE_PEOPLE)));
  const skipped = new Set<PersonId>();
  let [entered, exited] = [0, 0];
  for (const range of ranges) {
    const passOn = await turns.take();
    try {
      const fresh = [...touched].filter((person) => !skipped.has(person));
      for (const person of fresh) skipped.add(person);
      await warehouse.insert(
        SKIPPED,
        fresh.map((person) => JSON.stringify({ person: digitsOf(person) })),
      );
      await fill?.(range);
      const version = await states.nextVersion();
      for (const statement of findDifferences(scanned, range, [...moved])) await warehouse.execute(statement);
      const different = await warehouse.query<PersonDifference>(differencesByPerson());
      const timed =
        at.cause === 'refresh' ? [] : await warehouse.query<{ person: string }>(timedPeople(range));
      await writeStates(segments, built, different, timed, at, deps);
      await deps.online.commit({ put: [{ key: VERSION_KEY, value: version }] });
      if (different.length > 0) {
        await warehouse.execute(insertChanges(scanned, at));
        await warehouse.execute(insertMembers(scanned, { now_ms: at.now_ms, version }));
      }
      for (const [, is_in] of different.flatMap((one) => one.changes)) is_in === 1 ? entered++ : exited++;
    } finally {
      passOn();
    }
  }
  return { entered, exited };
}

async function writeStates(
  segments: readonly AskedSegment[],
  built: Built,
  different: readonly PersonDifference[],
  timed: readonly { readonly person: string }[],
  at: { readonly now_ms: number; readonly cause: RefreshCause },
  deps: ApplyDeps,
): Promise<void> {
  const { states, online } = deps;
  const ids = segments.map(({ name }) => built.segments[name]?.id ?? 0);
  const changes = new Map(different.map((one) => [one.person, one.changes]));
  const due = new Set(timed.map((one) => one.person));
  const people = [...new Set([...changes.keys(), ...due])];
  const changed_people = [...changes.keys()] as PersonId[];
  const tells = at.cause === 'refresh' ? changed_people : [];
  const identifiers = new Map((await deps.directory.identifiersOf(tells)).map((list, i) => [tells[i], list]));
  for (let from = 0; from < people.length; from += COMMIT_STATES) {
    const some = people.slice(from, from + COMMIT_STATES);
    const before = await states.members.get(some);
    const put: Put[] = [];
    some.forEach((person, i) => {
      const old = before[i] ?? NO_MEMBER;
      const mine = changes.get(person) ?? [];
      const moved = withChanges(old, mine, ids, at.now_ms);
      const sets = due.has(person) && old.due_ms <= at.now_ms;
      const state = sets ? { ...moved, due_ms: at.now_ms + spread(person) } : moved;
      put.push({ key: memberKey(person), value: state });
      if (sets) put.push({ key: timerKey(state.due_ms, person), value: 1 });
      if (at.cause !== 'refresh') return;
      for (const one of mine) {
        const change = scannedChange(segments, person as PersonId, one, at);
        const event = change && changeEvent(change, identifiers.get(person as PersonId) ?? []);
        if (change !== undefined && event !== undefined)
          put.push({ key: outboxKey(change.change_id), value: event });
      }
    });
    await online.commit({ put });
    states.members.forget(some);
  }
}

function withChanges(
  before: MemberState,
  changes: PersonDifference['changes'],
  ids: readonly number[],
  now_ms: number,
): MemberState {
  const touched = new Set(changes.map(([nth]) => ids[nth - 1]));
  const kept = before.in.filter(([id]) => !touched.has(id));
  const entered = changes
    .filter(([, is_in]) => is_in === 1)
    .map(([nth]) => [ids[nth - 1] ?? 0, now_ms] as const);
  return { ...before, changes: before.changes + changes.length, in: [...kept, ...entered] };
}

/** The same id as the row gets in the warehouse. */
function scannedChange(
  segments: readonly NamedSegment[],
  person: PersonId,
  [nth, is_in, before]: PersonDifference['changes'][number],
  at: { readonly now_ms: number; readonly cause: RefreshCause },
): Change | undefined {
  const segment = segments[nth - 1];
  if (segment === undefined) return undefined;
  const what = is_in === 1 ? 'entered' : 'exited';
  return {
    change_id: key64(`${segment.name}\n${person}\n${what}\nv${before}`),
    segment: segment.name,
    segment_version: segment.version,
    person,
    what,
    at: new Date(at.now_ms).toISOString(),
    cause: at.cause,
    label: segment.label,
  };
}

const spread = (person: string): number => Number.parseInt(person.slice(0, 8), 16) % SPREAD_MS;

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
  result: RefreshResult,
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
