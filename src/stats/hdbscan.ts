import { type CondensedTree, condense, excessOfMass } from './condensed-tree.ts';
import { NOISE } from './dbscan.ts';
import { kdTree } from './kd-tree.ts';
import { type Points, squaredDistance } from './points.ts';

export interface Hdbscan {
  /** Cluster of each point, from 0 on, in the order of their first point; NOISE for none. */
  readonly labels: Int32Array;
  readonly clusters: number;
  /** How firmly each point belongs to its cluster, 0 (or noise) to 1. */
  readonly probabilities: Float64Array;
  /** GLOSH outlier score of each point, 0 (inmost) to 1 (Campello et al. 2015, section 6). */
  readonly outlier_scores: Float64Array;
  /** 1 / distance at which each cluster split off from its parent. */
  readonly births: Float64Array;
  /** Distance of each point to its `min_samples`-th neighbour, itself included. */
  readonly core_distances: Float64Array;
}

export interface HdbscanSettings {
  /** Fewer points than this are no cluster; at least 2. */
  readonly min_cluster_size: number;
  /** The more, the more points are noise; at least 1. */
  readonly min_samples: number;
}

/**
 * HDBSCAN* (Campello, Moulavi, Sander 2013; McInnes, Healy, Astels 2017): minimum spanning tree over mutual
 * reachability, condensed, clusters of most excess of mass. O(n²) time, O(n) memory. Everybody in one cluster is not an
 * answer: then all are noise.
 */
export function hdbscan(points: Points, { min_cluster_size, min_samples }: HdbscanSettings): Hdbscan {
  const core_distances = coreDistances(points, min_samples);
  const tree = condense(spanningTree(points, core_distances), points.n, min_cluster_size);
  const selected = excessOfMass(tree);
  return { ...labelled(tree, selected, points.n), core_distances };
}

function coreDistances(points: Points, min_samples: number): Float64Array {
  const tree = kdTree(points);
  return Float64Array.from({ length: points.n }, (_, i) =>
    Math.sqrt(tree.nearest(points, i, min_samples).at(-1)?.squared ?? 0),
  );
}

export interface Edge {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Prim's algorithm over max(distance, both core distances), without keeping the distances; shortest edge first. */
function spanningTree(points: Points, core: Float64Array): Edge[] {
  const { n } = points;
  // Squared throughout, and the root taken of the edges only: this loop is all of the time.
  const squared_core = core.map((c) => c * c);
  const reach = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(n);
  const inside = new Uint8Array(n);
  const edges: Edge[] = [];
  let current = 0;
  for (let step = 1; step < n; step++) {
    inside[current] = 1;
    const own = squared_core[current] as number;
    let next = -1;
    for (let j = 0; j < n; j++) {
      if (inside[j] === 1) continue;
      const length = Math.max(squaredDistance(points, current, points, j), own, squared_core[j] as number);
      if (length < (reach[j] as number)) {
        reach[j] = length;
        from[j] = current;
      }
      if (next < 0 || (reach[j] as number) < (reach[next] as number)) next = j;
    }
    edges.push({ a: from[next] as number, b: next, length: Math.sqrt(reach[next] as number) });
    current = next;
  }
  return edges.sort((x, y) => x.length - y.length);
}

function labelled(
  tree: CondensedTree,
  selected: ReadonlySet<number>,
  n: number,
): Omit<Hdbscan, 'core_distances'> {
  const selectedAbove = (cluster: number): number => {
    for (let c = cluster; c >= 0; c = tree.parent[c] as number) if (selected.has(c)) return c;
    return NOISE;
  };
  const numbers = new Map<number, number>();
  const labels = new Int32Array(n).fill(NOISE);
  const owners = Int32Array.from({ length: n }, (_, i) => selectedAbove(tree.leaves_in[i] as number));
  owners.forEach((owner, i) => {
    if (owner === NOISE) return;
    if (!numbers.has(owner)) numbers.set(owner, numbers.size);
    labels[i] = numbers.get(owner) as number;
  });
  const probabilities = Float64Array.from(owners, (owner, i) =>
    owner === NOISE ? 0 : Math.min(1, (tree.leaves_at[i] as number) / (tree.end[owner] as number)),
  );
  const outlier_scores = Float64Array.from({ length: n }, (_, i) => {
    const death = tree.death[tree.leaves_in[i] as number] as number;
    return death === 0 ? 0 : (death - (tree.leaves_at[i] as number)) / death;
  });
  const births = new Float64Array(numbers.size);
  for (const [cluster, number] of numbers) births[number] = tree.birth[cluster] as number;
  return { labels, clusters: numbers.size, probabilities, outlier_scores, births };
}

/**
 * Labels of other points: the cluster of the neighbour of least mutual reachability, when the point would have joined
 * it while the cluster existed (`approximate_predict` of McInnes's hdbscan).
 */
export function hdbscanAssign(
  query: Points,
  fitted: Points,
  model: Pick<Hdbscan, 'labels' | 'births' | 'core_distances'>,
  min_samples: number,
): Int32Array {
  const tree = kdTree(fitted);
  return Int32Array.from({ length: query.n }, (_, i) => {
    const near = tree.nearest(query, i, Math.max(2, 2 * min_samples));
    const own_core = Math.sqrt(near[Math.min(min_samples, near.length) - 1]?.squared ?? 0);
    let label = NOISE;
    let least = Number.POSITIVE_INFINITY;
    for (const { index, squared } of near) {
      const reach = Math.max(Math.sqrt(squared), own_core, model.core_distances[index] as number);
      if (reach < least) {
        least = reach;
        label = model.labels[index] as number;
      }
    }
    return label !== NOISE && 1 / least >= (model.births[label] as number) ? label : NOISE;
  });
}
