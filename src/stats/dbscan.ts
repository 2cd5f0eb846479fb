import { kdTree } from './kd-tree.ts';
import type { Points } from './points.ts';

export const NOISE = -1;

export interface Dbscan {
  /** Cluster of each point, from 0 on, in the order of their first core point; NOISE for none. */
  readonly labels: Int32Array;
  /** 1 for points with `min_points` neighbours within `eps`, themselves included. */
  readonly core: Uint8Array;
  readonly clusters: number;
}

/**
 * DBSCAN (Ester, Kriegel, Sander, Xu 1996): clusters are what can be reached from core point to core point in steps of
 * at most `eps`. A point at the border of two goes to the one found first.
 */
export function dbscan(points: Points, eps: number, min_points: number): Dbscan {
  const { n } = points;
  const tree = kdTree(points);
  const neighbours = (i: number) => tree.within(points, i, eps);
  const labels = new Int32Array(n).fill(NOISE);
  const core = new Uint8Array(n);
  for (let i = 0; i < n; i++) core[i] = neighbours(i).length >= min_points ? 1 : 0;
  let clusters = 0;
  for (let i = 0; i < n; i++) {
    if (core[i] === 0 || labels[i] !== NOISE) continue;
    const waiting = [i];
    labels[i] = clusters;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const near of neighbours(next)) {
        if (labels[near] !== NOISE) continue;
        labels[near] = clusters;
        if (core[near] === 1) waiting.push(near);
      }
    }
    clusters++;
  }
  return { labels, core, clusters };
}

/** Labels of other points: the cluster of the nearest core point within `eps`. */
export function dbscanAssign(
  query: Points,
  cores: Points,
  core_labels: ArrayLike<number>,
  eps: number,
): Int32Array {
  const tree = kdTree(cores);
  const labels = new Int32Array(query.n).fill(NOISE);
  for (let i = 0; i < query.n; i++) {
    const [near] = tree.nearest(query, i, 1);
    if (near !== undefined && near.squared <= eps * eps) labels[i] = core_labels[near.index] as number;
  }
  return labels;
}

/**
 * A radius to begin with: the knee of the sorted distances to the `min_points`-th neighbour, where they lie farthest
 * below the line from first to last (Satopää et al. 2011, without smoothing). Undefined when all distances are 0.
 */
export function kneeRadius(points: Points, min_points: number): number | undefined {
  const tree = kdTree(points);
  const distances = Array.from({ length: points.n }, (_, i) =>
    Math.sqrt(tree.nearest(points, i, min_points).at(-1)?.squared ?? 0),
  ).sort((a, b) => a - b);
  const last = distances.at(-1) ?? 0;
  if (last === 0) return undefined;
  const first = distances[0] ?? 0;
  let knee = 0;
  let deepest = 0;
  distances.forEach((distance, i) => {
    const depth = first + ((last - first) * i) / Math.max(1, distances.length - 1) - distance;
    if (depth > deepest) {
      deepest = depth;
      knee = i;
    }
  });
  return distances.slice(knee).find((distance) => distance > 0);
}
