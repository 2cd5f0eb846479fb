/**
 * What the stream has been prepared for: signals whose histories are complete, and segments that were worked out for
 * everybody. Kept online, so that a start knows whether a release asks for more.
 */
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';

export interface BuiltSegment {
  /** Stands for the segment in people's states; a segment that comes back under its name gets another one. */
  readonly id: number;
  readonly fingerprint: string;
  readonly refreshed_ms: number;
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

export interface Missing {
  /** Signals that streamed segments look for and whose histories lack older events. */
  readonly signals: readonly string[];
  /** Never worked out. */
  readonly fresh: readonly string[];
  /** Worked out under another rule. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export function missingFrom(built: Built, set: SegmentSet): Missing {
  const of = (wanted: (segment: CompiledSegment) => boolean) =>
    set.segments.filter(wanted).map((s) => s.name);
  const signals = [...streamSignals(set)].filter(([key, keep_ms]) => {
    const kept = built.signals[key];
    return kept === undefined || (kept !== null && kept < keep_ms);
  });
  return {
    signals: signals.map(([key]) => key),
    fresh: of(({ name }) => built.segments[name] === undefined),
    changed: of(({ name, fingerprint }) => {
      const before = built.segments[name];
      return before !== undefined && before.fingerprint !== fingerprint;
    }),
    removed: Object.keys(built.segments).filter((name) => set.get(name) === undefined),
  };
}

/** Signals of streamed segments and of the segments inside them, with how long their marks are kept. */
export function streamSignals(set: SegmentSet): Map<string, number> {
  const signals = new Map<string, number>();
  for (const segment of set.segments.filter(isStreamed)) {
    for (const key of segment.all_signals) {
      const keep_ms = set.signals.get(key)?.keep_ms ?? 0;
      signals.set(key, Math.max(signals.get(key) ?? 0, keep_ms));
    }
  }
  return signals;
}
