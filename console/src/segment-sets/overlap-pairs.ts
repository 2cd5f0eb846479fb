import type { SegmentSet } from '../api/segment-sets.ts';

/** People shared by two segments, from how many are in each combination of all. */
export function sharedPeople(overlaps: SegmentSet['overlaps'], a: string, b: string): number {
  return overlaps
    .filter(({ segments }) => segments.includes(a) && segments.includes(b))
    .reduce((sum, { people }) => sum + people, 0);
}
