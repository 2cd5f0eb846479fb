import type { Interval } from './bootstrap.ts';
import { twoSidedZ } from './normal.ts';

/** How often a value came in each of two groups. */
export interface ValueCounts {
  readonly value: number;
  readonly inside: number;
  readonly outside: number;
}

/**
 * Probability that a value from inside is greater than one from outside, ties counting half: the area under the ROC
 * curve, U / (n·m) of Mann & Whitney (1947). The interval is Hanley & McNeil's (1982). Null without values on a side.
 */
export function areaUnderCurve(
  counts: readonly ValueCounts[],
  confidence = 0.95,
): (Interval & { readonly auc: number }) | null {
  let inside = 0;
  let outside = 0;
  let wins = 0;
  for (const row of counts.toSorted((a, b) => a.value - b.value)) {
    wins += row.inside * (outside + row.outside / 2);
    inside += row.inside;
    outside += row.outside;
  }
  if (inside === 0 || outside === 0) return null;
  const auc = wins / (inside * outside);
  // Symmetric in which group is called inside: the wider of the two variances.
  const variance = Math.max(hanleyVariance(auc, inside, outside), hanleyVariance(1 - auc, outside, inside));
  const half = twoSidedZ(confidence) * Math.sqrt(variance);
  return { auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
}

function hanleyVariance(auc: number, n: number, m: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  return Math.max(0, (auc * (1 - auc) + (n - 1) * (q1 - auc * auc) + (m - 1) * (q2 - auc * auc)) / (n * m));
}
