/**
 * Recency, frequency, monetary value (Hughes 1994): three scores a person, 5 the best, and named ranges of scores. An
 * ordering by what was, not a forecast. Bins and names as in the R package `rfm`, which the test holds it to.
 */
import { binOf } from '../../stats/quantile.ts';
import { type NamedScores, OTHERS, type RfmSettings } from './rfm-settings.ts';

/** In rising order. A value at or above a cut lies beyond it. */
export interface RfmCuts {
  readonly recency: readonly number[];
  readonly frequency: readonly number[];
  readonly monetary: readonly number[];
}

/** Days since the last order, number of orders, net revenue. */
export type RfmValues = readonly [recency_days: number, frequency: number, monetary: number];

/**
 * Cuts from quantiles of people. The R package adds 1 to each, so that people at a quantile stay below the cut: whole
 * days, whole orders, and amounts counted in units well above 1.
 */
export const cutsAbove = (quantiles: readonly number[]): number[] => quantiles.map((q) => q + 1);

/** 1 to 5 for each of the three. With other than five bins the scores are spread over 1 to 5. */
export function rfmScores([recency, frequency, monetary]: RfmValues, cuts: RfmCuts): RfmValues {
  const rising = (value: number, at: readonly number[]) => fiveStep(binOf(value, at) + 1, at.length + 1);
  const bins = cuts.recency.length + 1;
  return [
    fiveStep(bins - binOf(recency, cuts.recency), bins),
    rising(frequency, cuts.frequency),
    rising(monetary, cuts.monetary),
  ];
}

export const fiveStep = (score: number, bins: number): number => Math.ceil((score * 5) / bins);

/** Index into the settings' segments of the first that fits; their number for `Others`. */
export function rfmSegment([r, f, m]: RfmValues, segments: readonly NamedScores[]): number {
  const within = (score: number, [low, high]: readonly [number, number]) => score >= low && score <= high;
  const found = segments.findIndex(
    (s) => within(r, s.recency) && within(f, s.frequency) && within(m, s.monetary),
  );
  return found < 0 ? segments.length : found;
}

export const rfmNames = (settings: Pick<RfmSettings, 'segments'>): string[] => [
  ...settings.segments.map((s) => s.name),
  OTHERS,
];
