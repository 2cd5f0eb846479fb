import { below } from './points.ts';
import { drawWithout } from './silhouette.ts';

export interface StabilitySettings {
  readonly resamples: number;
  /**
   * `bootstrap` draws n with replacement. Doubled points fool methods that look at density: for those `subset` draws
   * 80 % without replacement.
   */
  readonly scheme: 'bootstrap' | 'subset';
  readonly random: () => number;
}

/**
 * Stability of each of k clusters: over resamples that are clustered anew, the mean of the greatest Jaccard similarity
 * of the cluster, among the points drawn, with any new one (Hennig 2007, section 3). Below .6 it is best not trusted,
 * from .75 on it is a valid, stable cluster. A cluster that was never drawn has 0.
 *
 * `labels`: cluster of each point, below 0 for none. `cluster` gets indices (some twice) and returns their new labels.
 */
export function clusterStability(
  labels: ArrayLike<number>,
  k: number,
  cluster: (indices: Int32Array) => ArrayLike<number>,
  { resamples, scheme, random }: StabilitySettings,
): number[] {
  const n = labels.length;
  const everybody = Array.from({ length: n }, (_, i) => i);
  const sums = new Array<number>(k).fill(0);
  const times = new Array<number>(k).fill(0);
  for (let r = 0; r < resamples; r++) {
    const drawn =
      scheme === 'bootstrap'
        ? Int32Array.from({ length: n }, () => below(n, random))
        : Int32Array.from(drawWithout(everybody, Math.max(1, Math.round(0.8 * n)), random));
    const anew = cluster(drawn);
    bestJaccards(labels, k, drawn, anew).forEach((best, c) => {
      if (best === undefined) return;
      sums[c] = (sums[c] as number) + best;
      times[c] = (times[c] as number) + 1;
    });
  }
  return sums.map((sum, c) => (times[c] === 0 ? 0 : sum / (times[c] as number)));
}

/** Of each old cluster; undefined where none of its points was drawn. */
function bestJaccards(
  labels: ArrayLike<number>,
  k: number,
  drawn: Int32Array,
  anew: ArrayLike<number>,
): (number | undefined)[] {
  const new_label = new Map<number, number>();
  for (const [at, index] of drawn.entries()) new_label.set(index, anew[at] as number);
  const old_sizes = new Array<number>(k).fill(0);
  const new_sizes = new Map<number, number>();
  const both = Array.from({ length: k }, () => new Map<number, number>());
  for (const [index, to] of new_label) {
    const from = labels[index] as number;
    if (from >= 0) old_sizes[from] = (old_sizes[from] as number) + 1;
    if (to >= 0) new_sizes.set(to, (new_sizes.get(to) ?? 0) + 1);
    if (from >= 0 && to >= 0) both[from]?.set(to, (both[from]?.get(to) ?? 0) + 1);
  }
  return both.map((row, c) => {
    const size = old_sizes[c] as number;
    if (size === 0) return undefined;
    let best = 0;
    for (const [to, shared] of row) {
      best = Math.max(best, shared / (size + (new_sizes.get(to) as number) - shared));
    }
    return best;
  });
}
