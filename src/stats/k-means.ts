import { below, nearest, type Points, squaredDistance } from './points.ts';

export interface KMeans {
  /** k points; the cluster with most points first. */
  readonly centers: Points;
  /** Cluster of each point, 0 to k − 1. */
  readonly labels: Int32Array;
  /** Sum of squared distances of the points to their centres. */
  readonly inertia: number;
}

/**
 * k-means: Lloyd's iterations (1982) from k-means++ seeds (Arthur & Vassilvitskii 2007), the best of several starts.
 * 1 <= k <= n. `random` is uniform in [0, 1). With fewer than k different points some centres coincide.
 */
export function kMeans(
  points: Points,
  k: number,
  random: () => number,
  { starts = 10, iterations = 300 } = {},
): KMeans {
  if (!(k >= 1 && k <= points.n)) throw new RangeError(`k from 1 to ${points.n}, not ${k}`);
  let best: KMeans | undefined;
  for (let start = 0; start < starts; start++) {
    const found = lloyd(points, seeds(points, k, random), iterations);
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return largestFirst(best as KMeans);
}

/** Labels of points under centres that were fitted before. */
export function nearestCenters(points: Points, centers: Points): Int32Array {
  const labels = new Int32Array(points.n);
  for (let i = 0; i < points.n; i++) labels[i] = nearest(points, i, centers).index;
  return labels;
}

/** Each next seed with a probability proportional to its squared distance to the seeds so far. */
function seeds(points: Points, k: number, random: () => number): Points {
  const { n, d } = points;
  const centers: Points = { n: k, d, data: new Float64Array(k * d) };
  const squared = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  let chosen = below(n, random);
  for (let c = 0; c < k; c++) {
    if (c > 0) chosen = drawn(squared, random);
    centers.data.set(points.data.subarray(chosen * d, chosen * d + d), c * d);
    for (let i = 0; i < n; i++) {
      squared[i] = Math.min(squared[i] as number, squaredDistance(points, i, centers, c));
    }
  }
  return centers;
}

function drawn(weights: Float64Array, random: () => number): number {
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (total === 0) return below(weights.length, random);
  let left = random() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] as number;
    if (left < 0) return i;
  }
  return weights.findLastIndex((w) => w > 0);
}

function lloyd(points: Points, centers: Points, iterations: number): KMeans {
  const { n, d } = points;
  const labels = new Int32Array(n).fill(-1);
  const squared = new Float64Array(n);
  for (let round = 0; round < iterations; round++) {
    let moved = false;
    for (let i = 0; i < n; i++) {
      const found = nearest(points, i, centers);
      squared[i] = found.squared;
      if (labels[i] !== found.index) {
        labels[i] = found.index;
        moved = true;
      }
    }
    if (!moved) break;
    recentre(points, labels, squared, centers);
  }
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += squaredDistance(points, i, centers, labels[i] as number);
  return { centers: { n: centers.n, d, data: centers.data }, labels, inertia };
}

/** Centres to the means of their points; an empty one to the point that is farthest from its own. */
function recentre(points: Points, labels: Int32Array, squared: Float64Array, centers: Points): void {
  const { n, d, data } = points;
  const counts = new Float64Array(centers.n);
  centers.data.fill(0);
  for (let i = 0; i < n; i++) {
    const label = labels[i] as number;
    counts[label] = (counts[label] as number) + 1;
    for (let c = 0; c < d; c++) {
      centers.data[label * d + c] = (centers.data[label * d + c] as number) + (data[i * d + c] as number);
    }
  }
  for (let k = 0; k < centers.n; k++) {
    const count = counts[k] as number;
    if (count === 0) {
      const far = squared.reduce((worst, gap, i) => (gap > (squared[worst] as number) ? i : worst), 0);
      squared[far] = 0;
      centers.data.set(data.subarray(far * d, far * d + d), k * d);
    } else {
      for (let c = 0; c < d; c++) centers.data[k * d + c] = (centers.data[k * d + c] as number) / count;
    }
  }
}

function largestFirst({ centers, labels, inertia }: KMeans): KMeans {
  const { n: k, d } = centers;
  const counts = new Float64Array(k);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  const order = Array.from({ length: k }, (_, c) => c).sort(
    (a, b) =>
      (counts[b] as number) - (counts[a] as number) ||
      (centers.data[a * d] as number) - (centers.data[b * d] as number),
  );
  const place = new Int32Array(k);
  const data = new Float64Array(k * d);
  order.forEach((from, to) => {
    place[from] = to;
    data.set(centers.data.subarray(from * d, from * d + d), to * d);
  });
  return { centers: { n: k, d, data }, labels: labels.map((label) => place[label] as number), inertia };
}
