/**
 * Recency, frequency, monetary value (Hughes 1994): three scores a person, 5 the best, and named ranges of scores. An
 * ordering by what was, not a forecast. Bins and names as in the R package `rfm`, which the test holds it to.
 */
import { OTHERS, type RfmSettings } from './rfm-settings.ts';

/** In rising order. A value at or above a cut lies beyond it. */
export interface RfmCuts {
  readonly recency: readonly number[];
  readonly frequency: readonly number[];
  readonly monetary: readonly number[];
}

/**
 * Cuts from quantiles of people. The R package adds 1 to each, so that people at a quantile stay below the cut: whole
 * days, whole orders, and amounts counted in units well above 1.
 */
export const cutsAbove = (quantiles: readonly number[]): number[] => quantiles.map((q) => q + 1);

export const rfmNames = (settings: Pick<RfmSettings, 'segments'>): string[] => [
  ...settings.segments.map((s) => s.name),
  OTHERS,
];
