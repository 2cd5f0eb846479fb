/** What differs between answers and memberships is written: states of the stream, rows, and what is told. */
import { type Clock, MINUTE_MS } from '../../kernel/clock.ts';
import { key64, type PersonId } from '../../kernel/ids.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { OnlineStore, Put } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SegmentChange } from '../contract.ts';
import type { Built } from '../stream/built.ts';
import { type Change, changeEvent, digitsOf, type NamedSegment, outboxKey } from '../stream/changes.ts';
import { nodeRanges } from '../stream/histories.sql.ts';
import { type MemberState, memberKey, NO_MEMBER, timerKey } from '../stream/member-state.ts';
import type { Parting } from '../stream/parted.ts';
import { type SegmentStates, VERSION_KEY } from '../stream/segments.step.ts';
import { toldOfParted } from './parted-told.service.ts';
import {
  differencesByPerson,
  findDifferences,
  insertChanges,
  insertMembers,
  type PersonDifference,
  type ScannedSegments,
  SKIPPED,
  type Slice,
  timedPeople,
} from './refresh.sql.ts';

/** `merge`: only people who were taken apart are asked. */
export type RefreshCause = Extract<SegmentChange['cause'], 'first' | 'release' | 'refresh' | 'merge'>;

/** What writing answers needs. */
export interface ApplyDeps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly states: SegmentStates;
}

/** People whose differences are written while the stream waits. */
const SLICE_PEOPLE = 100_000;
const COMMIT_STATES = 2_000;
/** Timers that a scan sets are spread over this long. */
const SPREAD_MS = 10 * MINUTE_MS;

/** A segment that there are answers for. */
export interface AskedSegment extends NamedSegment {
  /** The stream decides it too: people whom it looked at meanwhile are left to it. */
  readonly streamed: boolean;
}

interface Answers {
  readonly touched: ReadonlySet<PersonId>;
  /** Joined or parted since: what scans decide went along with them, and the answers are of who they were before. */
  readonly moved: ReadonlySet<PersonId>;
  /** Puts the answers of a slice where `runScan` puts all of them; left out when they are there. */
  readonly fill?: (slice: Slice) => Promise<void>;
  /** Left out: everybody is asked. Otherwise only whoever is listed in `SCAN_PEOPLE`, with how they came apart. */
  readonly parted?: readonly Parting[];
}

/** Slice by slice of people: states first, then rows, so that a slice cut off by a crash differs again the next time. */
export async function apply(
  segments: readonly AskedSegment[],
  built: Built,
  at: { readonly now_ms: number; readonly cause: RefreshCause; readonly people: number },
  { touched, moved, fill, parted }: Answers,
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
    const slice: Slice = parted === undefined ? range : { ...range, listed: true };
    const passOn = await turns.take();
    try {
      const fresh = [...touched].filter((person) => !skipped.has(person));
      for (const person of fresh) skipped.add(person);
      await warehouse.insert(
        SKIPPED,
        fresh.map((person) => JSON.stringify({ person: digitsOf(person) })),
      );
      await fill?.(slice);
      const version = await states.nextVersion();
      for (const statement of findDifferences(scanned, slice, [...moved])) await warehouse.execute(statement);
      const different = await warehouse.query<PersonDifference>(differencesByPerson());
      // Of what was worked out before, people have their timers.
      const timed =
        at.cause === 'refresh' || at.cause === 'merge'
          ? []
          : await warehouse.query<{ person: string }>(timedPeople(slice));
      await writeStates(segments, built, { different, timed, parted: parted ?? [] }, at, deps);
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

interface Found {
  readonly different: readonly PersonDifference[];
  readonly timed: readonly { readonly person: string }[];
  readonly parted: readonly Parting[];
}

async function writeStates(
  segments: readonly AskedSegment[],
  built: Built,
  { different, timed, parted }: Found,
  at: { readonly now_ms: number; readonly cause: RefreshCause },
  deps: ApplyDeps,
): Promise<void> {
  const { states, online } = deps;
  const ids = segments.map(({ name }) => built.segments[name]?.id ?? 0);
  const changes = new Map(different.map((one) => [one.person, one.changes]));
  const due = new Set(timed.map((one) => one.person));
  const people = [...new Set([...changes.keys(), ...due])];
  const outbox = await toldBy(segments, built, { different, parted }, at, deps);
  for (let from = 0; from < people.length; from += COMMIT_STATES) {
    const some = people.slice(from, from + COMMIT_STATES);
    const before = await states.members.get(some);
    const put: Put[] = [];
    some.forEach((person, i) => {
      const old = before[i] ?? NO_MEMBER;
      const moved = withChanges(old, changes.get(person) ?? [], ids, at.now_ms);
      const sets = due.has(person) && old.due_ms <= at.now_ms;
      const state = sets ? { ...moved, due_ms: at.now_ms + spread(person) } : moved;
      put.push({ key: memberKey(person), value: state }, ...(outbox.get(person as PersonId) ?? []));
      if (sets) put.push({ key: timerKey(state.due_ms, person), value: 1 });
    });
    await online.commit({ put });
    states.members.forget(some);
  }
}

/** What is told, by whose change it is: nothing where nobody did anything. */
async function toldBy(
  segments: readonly AskedSegment[],
  built: Built,
  { different, parted }: Pick<Found, 'different' | 'parted'>,
  at: { readonly now_ms: number; readonly cause: RefreshCause },
  deps: ApplyDeps,
): Promise<ReadonlyMap<PersonId, readonly Put[]>> {
  if (at.cause !== 'refresh' && at.cause !== 'merge') return new Map();
  const changes = different.flatMap(({ person, changes: mine }) =>
    mine.flatMap((one) => scannedChange(segments, person as PersonId, one, at) ?? []),
  );
  const told =
    at.cause === 'merge'
      ? await toldOfParted(changes, parted, built, deps)
      : changes.map((change) => ({ change, teller: change.person }));
  const tellers = [...new Set(told.map(({ teller }) => teller))];
  const lists = await deps.directory.identifiersOf(tellers);
  const identifiers = new Map(tellers.map((teller, i) => [teller, lists[i] ?? []]));
  const outbox = new Map<PersonId, Put[]>();
  for (const { change, teller } of told) {
    const event = changeEvent(change, identifiers.get(teller) ?? []);
    if (event === undefined) continue;
    const mine = outbox.get(change.person) ?? [];
    outbox.set(change.person, [...mine, { key: outboxKey(change.change_id), value: event }]);
  }
  return outbox;
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
