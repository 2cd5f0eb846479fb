/**
 * What the stream has been prepared for: signals whose histories are complete, and segments that were worked out for
 * everybody. Kept online, so that a start knows whether a release asks for more.
 */
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import { segmentationOf } from '../rules/segment-kind.ts';

export interface BuiltSegment {
  /** Stands for the segment in people's states; a segment that comes back under its name gets another one. */
  readonly id: number;
  readonly fingerprint: string;
  readonly refreshed_ms: number;
  /** Worked out while scans alone decided it: nobody has a timer for it. */
  readonly scanned?: boolean;
  /** Of a segment that a segmentation found: no rule decides it. */
  readonly discovered?: Discovered;
  /** The last try to work it out failed, through its rule. */
  readonly failed?: Failed;
}

export interface Failed {
  /** Of the rule that was tried. */
  readonly fingerprint: string;
  readonly problem: string;
  readonly at_ms: number;
}

export interface Discovered {
  /** Of the segmentation, and its title, both as of the last run: what changes say of it. */
  readonly version: number;
  readonly label: string;
  /** The run that people were put into it by, and its number there; empty until that was done for everybody. */
  readonly run: string;
  readonly cluster: number;
}

export interface Built {
  /** Key of the signal, with the time that its marks were kept for; null: for ever. */
  readonly signals: Readonly<Record<string, number | null>>;
  readonly segments: Readonly<Record<string, BuiltSegment>>;
  readonly next_id: number;
}

export const BUILT_KEY = 'segment:built';
export const NOTHING_BUILT: Built = { signals: {}, segments: {}, next_id: 1 };

/** Decided as events come: the rule allows it and the team wants it. */
export const isStreamed = (segment: CompiledSegment): boolean =>
  segment.streamable && segment.body.refresh.every === 'stream';

/** Stands among the signals for whether a node was seen at all, which histories tell while anything is streamed. */
export const SEEN = 'seen';

/** By this rule, and for whoever decides it now. */
export const isWorkedOut = (segment: CompiledSegment, before: BuiltSegment | undefined): boolean =>
  before?.fingerprint === segment.fingerprint && !(before.scanned === true && isStreamed(segment));

/** Its rule as it is now could not be worked out. */
export const problemOf = (segment: CompiledSegment, before: BuiltSegment | undefined): Failed | undefined =>
  before?.failed?.fingerprint === segment.fingerprint ? before.failed : undefined;

/** Left alone until its rule changes or a pause has passed, so that the others are not held up. */
export const isStuck = (segment: CompiledSegment, before: BuiltSegment | undefined): boolean =>
  problemOf(segment, before) !== undefined && !isWorkedOut(segment, before);

export interface Missing {
  /** Signals that streamed segments look for and whose histories lack older events. */
  readonly signals: readonly string[];
  /** Signals whose marks are no longer kept, or not as long: should they be asked for again, they are incomplete. */
  readonly spare: readonly string[];
  /** Never worked out. */
  readonly fresh: readonly string[];
  /** Worked out under another rule, or for scans. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** `segmentations`: names of the released ones. */
export function missingFrom(built: Built, set: SegmentSet, segmentations: ReadonlySet<string>): Missing {
  const of = (wanted: (segment: CompiledSegment) => boolean) =>
    set.segments.filter(wanted).map((s) => s.name);
  const wanted = streamSignals(set, built);
  return {
    signals: [...wanted].filter(([key, keep_ms]) => keptMs(built, key) < keep_ms).map(([key]) => key),
    spare: Object.keys(built.signals).filter((key) => keptMs(built, key) > (wanted.get(key) ?? -1)),
    fresh: of(({ name }) => built.segments[name] === undefined),
    changed: of((s) => {
      const before = built.segments[s.name];
      return before !== undefined && !isWorkedOut(s, before) && !isStuck(s, before);
    }),
    removed: Object.entries(built.segments)
      .filter(([name, { discovered }]) =>
        discovered === undefined ? set.get(name) === undefined : !segmentations.has(segmentationOf(name)),
      )
      .map(([name]) => name),
  };
}

/** The run that each segmentation's people were put into segments by, where that was done to the end. */
export function assignedRuns({ segments }: Built): ReadonlyMap<string, string> {
  const runs = new Map<string, string>();
  for (const [name, { discovered }] of Object.entries(segments)) {
    if (discovered === undefined) continue;
    const segmentation = segmentationOf(name);
    // Segments of different runs: it was cut off in between.
    const same = (runs.get(segmentation) ?? discovered.run) === discovered.run;
    runs.set(segmentation, same ? discovered.run : '');
  }
  return runs;
}

/** How long marks of a signal are kept, complete, by every node: below 0 when they are not. */
export const keptMs = ({ signals }: Built, key: string): number => {
  const kept = signals[key];
  return kept === null ? Number.POSITIVE_INFINITY : (kept ?? -1);
};

/** Signals of streamed segments and of the segments inside them, with how long their marks are kept. */
export function streamSignals(set: SegmentSet, built: Built): Map<string, number> {
  const signals = new Map<string, number>();
  for (const segment of set.segments.filter(isStreamed)) {
    if (isStuck(segment, built.segments[segment.name])) continue;
    signals.set(SEEN, 0);
    for (const key of segment.all_signals) {
      const keep_ms = set.signals.get(key)?.keep_ms ?? 0;
      signals.set(key, Math.max(signals.get(key) ?? 0, keep_ms));
    }
  }
  return signals;
}
