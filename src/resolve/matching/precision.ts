/**
 * Expected precision and recall by threshold, from the probabilities of the pairs and from what people decided.
 *
 * In each band of one bit, the share of matches has a Beta prior worth ten decisions at the model's own expectation, updated by
 * the decisions in that band: without decisions the model speaks, with many they do. The interval is Wilson's at the number of trials
 * that has the same variance. What must hold: the model's probabilities are calibrated where nobody decided.
 */
import { twoSidedZ } from '../../stats/normal.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import type { WeightBin } from './score.sql.ts';
import type { ThresholdPoint } from './shapes.ts';
import { probabilityOf } from './weights.ts';

export interface Label {
  /** Bits. */
  readonly weight: number;
  readonly match: boolean;
}

const PRIOR_DECISIONS = 10;

/** One point a bin, the highest threshold first. `bins`: the heaviest first. */
export function curveOf(bins: readonly WeightBin[], labels: readonly Label[]): ThresholdPoint[] {
  const bands = Map.groupBy(labels, (label) => Math.floor(label.weight));
  const judged = bins.map((bin) => judge(bin, bands.get(Math.floor(bin.weight + 1e-9)) ?? []));
  const all_matches = judged.reduce((sum, b) => sum + b.matches, 0);
  const all_variance = judged.reduce((sum, b) => sum + b.variance, 0);
  let pairs = 0;
  let matches = 0;
  let variance = 0;
  return judged.map(({ bin, matches: found, variance: unsure }) => {
    pairs += bin.pairs;
    matches += found;
    variance += unsure;
    const recall = recallWith(matches, variance, all_matches - matches, all_variance - variance);
    return {
      probability: probabilityOf(bin.weight),
      weight: bin.weight,
      pairs,
      precision: shareWith(matches, variance, pairs),
      recall: recall.share,
      recall_low: recall.low,
      recall_high: recall.high,
      labelled: labels.filter((label) => label.weight >= bin.weight).length,
    };
  });
}

/** Expected matches of a bin, and the variance of that number. */
function judge(
  bin: WeightBin,
  labels: readonly Label[],
): { bin: WeightBin; matches: number; variance: number } {
  if (labels.length === 0) return { bin, matches: bin.expected, variance: bin.variance };
  const agreed = labels.filter((label) => label.match).length;
  const weight = PRIOR_DECISIONS + labels.length;
  const share = ((PRIOR_DECISIONS * bin.expected) / bin.pairs + agreed) / weight;
  const spread = (share * (1 - share)) / (weight + 1);
  return {
    bin,
    matches: bin.pairs * share,
    variance: bin.pairs * share * (1 - share) + bin.pairs ** 2 * spread,
  };
}

/** A share with the given variance of its numerator, as Wilson's interval of as many trials as would have it. */
function shareWith(matches: number, variance: number, pairs: number) {
  const share = matches / pairs;
  const spread = variance / pairs ** 2;
  const least = (share * (1 - share)) / pairs;
  const trials = spread > 0 ? Math.max(1, (share * (1 - share)) / Math.max(spread, least)) : pairs;
  const { low, high } = wilsonInterval(share * trials, trials);
  return { share, low: Math.min(low, share), high: Math.max(high, share) };
}

/** Found over found and left, both uncertain and independent (delta method); without matches nothing is known. */
function recallWith(found: number, variance: number, left: number, left_variance: number) {
  const all = found + Math.max(0, left);
  if (all <= 0) return { share: 0, low: 0, high: 1 };
  const spread = (left ** 2 * variance + found ** 2 * Math.max(0, left_variance)) / all ** 4;
  return shareWith(found, spread * all ** 2, all);
}

/** 95 % interval of a number of matches with this variance; Lyapunov's theorem makes it nearly normal. */
export function matchesInterval(bins: readonly WeightBin[]): {
  expected: number;
  low: number;
  high: number;
} {
  const expected = bins.reduce((sum, bin) => sum + bin.expected, 0);
  const half = twoSidedZ(0.95) * Math.sqrt(bins.reduce((sum, bin) => sum + bin.variance, 0));
  return { expected, low: Math.max(0, expected - half), high: expected + half };
}

/** The lowest threshold whose expected precision is as wanted; undefined when not even the heaviest pairs reach it. */
export const thresholdFor = (
  curve: readonly ThresholdPoint[],
  precision: number,
): ThresholdPoint | undefined => curve.findLast((point) => point.precision.share >= precision);
