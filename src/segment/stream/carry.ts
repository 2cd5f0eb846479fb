/**
 * Memberships that looking at a person does not decide, when people are joined: in discovered segments, and in those that
 * scans decide. They go along: who has a cluster keeps it, who has none takes that of whoever went over. Pure.
 */
import type { NamedSegment } from './changes.ts';
import type { MemberState } from './member-state.ts';

export interface CarriedSegment {
  readonly id: number;
  /** A person is in one segment of it at most: the segmentation, or a segment of a rule by itself. */
  readonly division: string;
  readonly segment: NamedSegment;
}

type Carried = (id: number) => CarriedSegment | undefined;

/**
 * What a person takes over from those whose nodes all came here. Of several the earliest membership counts, and for the
 * same moment the lower number, so that a batch that is counted again comes to the same.
 */
export function takenOver(
  own: MemberState,
  gone: readonly MemberState[],
  carried: Carried,
): readonly CarriedSegment[] {
  const held = new Set(own.in.map(([id]) => carried(id)?.division));
  const offered = gone
    .flatMap((state) => state.in)
    .toSorted(([a, a_ms], [b, b_ms]) => a_ms - b_ms || a - b)
    .flatMap(([id]) => carried(id) ?? []);
  return offered.filter(({ division }) => {
    if (held.has(division)) return false;
    held.add(division);
    return true;
  });
}

/** What a person without nodes leaves. */
export const leftBehind = (own: MemberState, carried: Carried): readonly CarriedSegment[] =>
  own.in.flatMap(([id]) => carried(id) ?? []);
