/** Which segments are given out for use, kept online: both threads read it together with the memberships. */
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import { isDiscovered } from '../rules/segment-kind.ts';

export const USE_KEY = 'segment:use';

/** By name. What is not in it was not judged yet, and is not given out either. */
export type UseMap = Readonly<Record<string, { readonly basis: string; readonly is: 'given' | 'held' }>>;

/** What an approval is about: the rule, with those of segments that it names, and what the segment is for. */
export const useBasis = ({ fingerprint, body }: CompiledSegment): string => `${fingerprint} ${body.purpose}`;

/** `pending`: not judged under this rule and purpose yet. */
export function useOf(uses: UseMap | undefined, segment: CompiledSegment): 'given' | 'held' | 'pending' {
  const known = uses?.[segment.name];
  return known?.basis === useBasis(segment) ? known.is : 'pending';
}

/**
 * The same by name. A cluster has no rule that could have changed since: what a run wrote was judged, or is not in the map.
 * Of a rule that is not released nothing is given out.
 */
export function useOfNamed(
  name: string,
  uses: UseMap | undefined,
  released: SegmentSet,
): 'given' | 'held' | 'pending' {
  const segment = released.get(name);
  if (segment !== undefined) return useOf(uses, segment);
  return isDiscovered(name) ? (uses?.[name]?.is ?? 'pending') : 'held';
}

export const isGivenOut = (name: string, uses: UseMap | undefined, released: SegmentSet): boolean =>
  useOfNamed(name, uses, released) === 'given';
