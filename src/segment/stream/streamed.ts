/** What the stream works with: the released segments that it decides, indexed for speed; made anew with each release. */
import type { Definitions } from '../../govern/contract.ts';
import { type CompiledSegment, compileSet, type SegmentSet } from '../compile/segment-set.ts';
import { isDiscovered, SEGMENT_KIND, segmentationOf } from '../rules/segment-kind.ts';
import type { Signal } from '../rules/signal.ts';
import { type Built, isStreamed, isWorkedOut, keptMs, SEEN, streamSignals } from './built.ts';
import type { CarriedSegment } from './carry.ts';
import type { StreamedSegment } from './evaluate.ts';

export interface Streamed {
  readonly set: SegmentSet;
  /** False while events decide nothing and nobody counts on histories: then they are not kept. */
  readonly follows: boolean;
  /** There are rules at all, which a scan can answer; segments that a run found; either kind that goes along on joins. */
  readonly scans: boolean;
  readonly discovers: boolean;
  readonly carries: boolean;
  /** Decided by the stream and worked out for everybody. */
  readonly live: readonly StreamedSegment[];
  /** Signals that an event of this name or type can be of. */
  signalsFor(type: string, event: string): readonly Signal[];
  /** Live segments whose answer can change with the signal. */
  touchedBy(signal: string): readonly StreamedSegment[];
  /** Traits that live segments ask for. */
  readonly traits: readonly string[];
  /** How long marks of the signal are of use; undefined: nobody asks for it. */
  keepMs(signal: string): number | undefined;
  /** Name of a segment by its number; undefined when it is no longer released. */
  nameOf(id: number): string | undefined;
  /** A segment that goes along, by its number: a discovered one, or one that scans decide. */
  carried(id: number): CarriedSegment | undefined;
}

/** Segments that are being worked out, and why. */
export type Activating = ReadonlyMap<string, 'first' | 'release'>;

/** `activating`: segments that are being worked out and that the stream decides from now on. */
export function createStreamed(set: SegmentSet, built: Built, activating: Activating): Streamed {
  const keep = streamSignals(set, built);
  const signals = [...keep.keys()].flatMap((key) => set.signals.get(key)?.signal ?? []);
  const live = set.segments
    .filter((s) => isLive(s, built, activating, keep))
    .map((segment) => ({
      id: built.segments[segment.name]?.id ?? 0,
      segment,
      building: activating.get(segment.name),
    }));
  const touched = new Map<string, StreamedSegment[]>();
  for (const one of live) {
    for (const key of one.segment.all_signals) touched.set(key, [...(touched.get(key) ?? []), one]);
  }
  const byEvent = new Map<string, readonly Signal[]>();
  const names = new Map(Object.entries(built.segments).map(([name, { id }]) => [id, name]));
  const carried = carriedIn(built, set);
  return {
    set,
    scans: set.segments.length > 0,
    discovers: [...carried.values()].some(({ segment }) => isDiscovered(segment.name)),
    carries: carried.size > 0,
    follows: keep.has(SEEN) || keptMs(built, SEEN) >= 0,
    live,
    signalsFor(type, event) {
      const key = `${type}\n${event}`;
      let found = byEvent.get(key);
      if (found === undefined) {
        found = signals.filter(
          (s) => (s.type === 'any' || s.type === type) && (s.event === undefined || s.event === event),
        );
        // Names of events come from outside: the index must not grow without end.
        if (byEvent.size < INDEX_MAX) byEvent.set(key, found);
      }
      return found;
    },
    touchedBy: (signal) => touched.get(signal) ?? [],
    traits: [...new Set(live.flatMap(({ segment }) => segment.all_traits))].sort(),
    keepMs: (signal) => keep.get(signal),
    nameOf(id) {
      const name = names.get(id);
      return name === undefined || (set.get(name) === undefined && !carried.has(id)) ? undefined : name;
    },
    carried: (id) => carried.get(id),
  };
}

function carriedIn({ segments }: Built, set: SegmentSet): ReadonlyMap<number, CarriedSegment> {
  const carried = Object.entries(segments).flatMap(([name, { id, discovered }]): CarriedSegment[] => {
    if (discovered !== undefined) {
      const { version, label } = discovered;
      return [{ id, division: segmentationOf(name), segment: { name, version, label } }];
    }
    const scanned = set.get(name);
    if (scanned === undefined || isStreamed(scanned)) return [];
    const { version, body } = scanned;
    return [{ id, division: name, segment: { name, version, label: body.label } }];
  });
  return new Map(carried.map((one) => [one.id, one]));
}

const INDEX_MAX = 10_000;

function isLive(
  segment: CompiledSegment,
  built: Built,
  activating: Activating,
  keep: ReadonlyMap<string, number>,
): boolean {
  if (!isStreamed(segment)) return false;
  const needed = [SEEN, ...segment.all_signals];
  // What was long enough when it was worked out still is, though another segment may now want more.
  if (isWorkedOut(segment, built.segments[segment.name]))
    return needed.every((key) => keptMs(built, key) >= 0);
  return activating.has(segment.name) && needed.every((key) => keptMs(built, key) >= (keep.get(key) ?? 0));
}

/** Compiled once a release. */
export function releasedSet(definitions: Definitions): () => SegmentSet {
  let compiled: { readonly release: number; readonly set: SegmentSet } | undefined;
  return () => {
    const release = definitions.release();
    if (compiled?.release !== release)
      compiled = { release, set: compileSet(definitions.current(SEGMENT_KIND)) };
    return compiled.set;
  };
}
