/**
 * Discovered memberships when people are joined. No rule can be asked again, so the ones that are there go along: who has
 * a cluster keeps it, who has none takes that of whoever went over. Pure.
 */
import type { NamedSegment } from './changes.ts';
import type { MemberState } from './member-state.ts';

export interface CarriedSegment {
  readonly id: number;
  readonly segmentation: string;
  readonly segment: NamedSegment;
}

type Discovered = (id: number) => CarriedSegment | undefined;

/**
 * What a person takes over from those whose nodes all came here. Of several the earliest membership counts, and for the
 * same moment the lower number, so that a batch that is counted again comes to the same.
 */
export function takenOver(
  own: MemberState,
  gone: readonly MemberState[],
  discovered: Discovered,
): readonly CarriedSegment[] {
  const held = new Set(own.in.map(([id]) => discovered(id)?.segmentation));
  const offered = gone
    .flatMap((state) => state.in)
    .toSorted(([a, a_ms], [b, b_ms]) => a_ms - b_ms || a - b)
    .flatMap(([id]) => discovered(id) ?? []);
  return offered.filter(({ segmentation }) => {
    if (held.has(segmentation)) return false;
    held.add(segmentation);
    return true;
  });
}

/** What a person without nodes leaves. */
export const leftBehind = (own: MemberState, discovered: Discovered): readonly CarriedSegment[] =>
  own.in.flatMap(([id]) => discovered(id) ?? []);
