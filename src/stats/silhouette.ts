import { below, type Points, squaredDistance } from './points.ts';

export interface Silhouette {
  /** Mean over the points looked at, −1 to 1. */
  readonly mean: number;
  /** Standard error of the mean from looking at some points only; 0 when all were. */
  readonly se: number;
  /** Mean of each cluster; null where none of its points was looked at. */
  readonly by_cluster: readonly (number | null)[];
}

/**
 * How much nearer points are to their own cluster than to the next one (Rousseeuw 1987). A point that is alone in its
 * cluster counts 0; labels below 0 are left out. With `sample`, that many points are looked at, each against all.
 * Null with fewer than two clusters.
 */
export function silhouette(
  points: Points,
  labels: ArrayLike<number>,
  sample?: { readonly size: number; readonly random: () => number },
): Silhouette | null {
  const members: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < points.n; i++) {
    const label = labels[i] as number;
    if (label < 0) continue;
    members.push(i);
    while (sizes.length <= label) sizes.push(0);
    sizes[label] = (sizes[label] as number) + 1;
  }
  if (sizes.filter((size) => size > 0).length < 2) return null;
  const all = sample === undefined || sample.size >= members.length;
  const looked = all ? members : drawWithout(members, sample.size, sample.random);
  const values = looked.map((i) => widthOf(points, labels, members, sizes, i));
  const mean = average(values);
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const left_out = 1 - looked.length / members.length;
  return {
    mean,
    se: Math.sqrt((variance / values.length) * left_out),
    by_cluster: sizes.map((_, c) => {
      const own = values.filter((_, at) => labels[looked[at] as number] === c);
      return own.length === 0 ? null : average(own);
    }),
  };
}

function widthOf(
  points: Points,
  labels: ArrayLike<number>,
  members: readonly number[],
  sizes: readonly number[],
  i: number,
): number {
  const own = labels[i] as number;
  if ((sizes[own] as number) === 1) return 0;
  const sums = new Float64Array(sizes.length);
  for (const j of members) {
    const label = labels[j] as number;
    sums[label] = (sums[label] as number) + Math.sqrt(squaredDistance(points, i, points, j));
  }
  const inside = (sums[own] as number) / ((sizes[own] as number) - 1);
  let outside = Number.POSITIVE_INFINITY;
  sizes.forEach((size, c) => {
    if (c !== own && size > 0) outside = Math.min(outside, (sums[c] as number) / size);
  });
  const larger = Math.max(inside, outside);
  return larger === 0 ? 0 : (outside - inside) / larger;
}

const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** `size` different ones, in random order (Fisher & Yates, stopped early). */
export function drawWithout<T>(from: readonly T[], size: number, random: () => number): T[] {
  const left = [...from];
  for (let i = 0; i < size; i++) {
    const at = i + below(left.length - i, random);
    [left[i], left[at]] = [left[at] as T, left[i] as T];
  }
  return left.slice(0, size);
}
