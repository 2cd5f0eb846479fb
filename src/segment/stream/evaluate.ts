/** One person against segments: who enters, who exits, when to look again. Pure. */

import type { PersonProfile } from '../../profile/contract.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import { viewIn } from '../compile/segment-set.ts';
import type { MemberState } from './member-state.ts';
import { mergeMarks, type NodeHistory } from './node-history.ts';

export interface StreamedSegment {
  readonly id: number;
  readonly segment: CompiledSegment;
  /** While it is being worked out for everybody: why. What the stream decides meanwhile belongs to that. */
  readonly building?: 'first' | 'release' | undefined;
}

export interface Verdict {
  readonly entered: readonly StreamedSegment[];
  readonly exited: readonly StreamedSegment[];
  /** The earliest moment at which time alone may change one of the answers; Infinity when none. */
  readonly until_ms: number;
}

/**
 * Segments of `asked` that only SQL can decide for this person are left as they are: a history is overfull, or a computed
 * trait is still being counted.
 */
export function evaluate(
  set: SegmentSet,
  asked: readonly StreamedSegment[],
  person: {
    readonly histories: readonly NodeHistory[];
    readonly profile: PersonProfile | undefined;
    readonly before: MemberState;
    /** In discovered segments, with what goes along just now. */
    readonly isMember: (segment: string) => boolean;
  },
  now_ms: number,
): Verdict {
  const { histories, profile, before, isMember } = person;
  const overfull = new Set(histories.flatMap((history) => history.overfull));
  const marks = new Map<string, ReturnType<typeof mergeMarks>>();
  const view = viewIn(
    set,
    {
      marks(signal) {
        const known = marks.get(signal.key) ?? mergeMarks(histories, signal.key);
        marks.set(signal.key, known);
        return known;
      },
      trait: (name, at_ms) => profile?.read(name, at_ms),
      sessions: () => [],
    },
    { seen: histories.some((h) => h.seen), known: histories.some((h) => h.known) },
    isMember,
  );
  const inside = new Set(before.in.map(([id]) => id));
  const entered: StreamedSegment[] = [];
  const exited: StreamedSegment[] = [];
  let until_ms = Number.POSITIVE_INFINITY;
  for (const one of asked) {
    const { id, segment } = one;
    if (overfull.size > 0 && segment.all_signals.some((key) => overfull.has(key))) continue;
    if (profile !== undefined && segment.all_traits.some((trait) => profile.isPending(trait))) continue;
    const answer = view.segment(segment.name, now_ms);
    if (answer === undefined) continue;
    until_ms = Math.min(until_ms, answer.until_ms);
    if (answer.is && !inside.has(id)) entered.push(one);
    if (!answer.is && inside.has(id)) exited.push(one);
  }
  return { entered, exited, until_ms };
}
