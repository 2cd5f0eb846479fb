/** What becomes of `Built` as segments are numbered, worked out, or cannot be. Pure. */
import type { CompiledSegment } from '../compile/segment-set.ts';
import type { LeftOut } from '../contract.ts';
import { type Built, type BuiltSegment, isStreamed, problemOf } from '../stream/built.ts';

/** New segments get a number; none counts as worked out under its rule yet. */
export function numbered(built: Built, segments: readonly CompiledSegment[]): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  let { next_id } = built;
  for (const { name } of segments) {
    all[name] ??= { id: next_id++, fingerprint: '', refreshed_ms: 0 };
  }
  return { ...built, segments: all, next_id };
}

export function refreshed(built: Built, segments: readonly CompiledSegment[], now_ms: number): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  for (const segment of segments) {
    const { name, fingerprint } = segment;
    const before = all[name];
    const scanned = !isStreamed(segment);
    if (before === undefined) continue;
    const { failed: _, ...kept } = before;
    all[name] = { ...kept, fingerprint, refreshed_ms: now_ms, scanned };
  }
  return { ...built, segments: all };
}

/** `fingerprints`: of the rules that were tried. */
export const withFailed = (
  built: Built,
  left_out: readonly LeftOut[],
  fingerprints: ReadonlyMap<string, string>,
  at_ms: number,
): Built => {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  for (const { segment, problem } of left_out) {
    const before = all[segment];
    const fingerprint = fingerprints.get(segment) ?? before?.fingerprint ?? '';
    if (before !== undefined) all[segment] = { ...before, failed: { fingerprint, problem, at_ms } };
  }
  return { ...built, segments: all };
};

export function withoutFailed(built: Built, segments: readonly CompiledSegment[]): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  for (const { name } of segments) {
    const { failed: _, ...kept } = all[name] ?? { id: 0, fingerprint: '', refreshed_ms: 0 };
    all[name] = kept;
  }
  return { ...built, segments: all };
}

/** Why a refresh leaves it out. */
export const whyNotYet = (segment: CompiledSegment, { segments }: Built): string => {
  const failed = problemOf(segment, segments[segment.name]);
  return failed === undefined
    ? 'its rule is being worked out for everybody already'
    : `its rule could not be worked out and is tried again now: ${failed.problem}`;
};
