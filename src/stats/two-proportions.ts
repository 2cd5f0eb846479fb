import type { Interval } from './bootstrap.ts';
import { twoSidedZ } from './normal.ts';
import { wilsonInterval } from './wilson.ts';

export interface Hits {
  readonly hits: number;
  readonly trials: number;
}

/**
 * Interval of the difference of two independent shares, a − b, from their Wilson intervals (Newcombe 1998, method 10).
 * Without trials on a side: as wide as it can be.
 */
export function differenceInterval(
  a: Hits,
  b: Hits,
  confidence = 0.95,
): Interval & { readonly difference: number } {
  const of_a = wilsonInterval(a.hits, a.trials, confidence);
  const of_b = wilsonInterval(b.hits, b.trials, confidence);
  const difference = of_a.share - of_b.share;
  return {
    difference,
    low: Math.max(-1, difference - Math.hypot(of_a.share - of_a.low, of_b.high - of_b.share)),
    high: Math.min(1, difference + Math.hypot(of_a.high - of_a.share, of_b.share - of_b.low)),
  };
}

/**
 * Interval of the ratio of two independent shares, a / b, on the log scale (Katz et al. 1978); where a side has no hits,
 * half a hit is added to both (Walter 1975). Null without trials on a side.
 */
export function ratioInterval(
  a: Hits,
  b: Hits,
  confidence = 0.95,
): (Interval & { readonly ratio: number }) | null {
  if (a.trials === 0 || b.trials === 0) return null;
  const more = a.hits === 0 || b.hits === 0 ? 0.5 : 0;
  const [ha, na, hb, nb] = [a.hits + more, a.trials + more, b.hits + more, b.trials + more];
  const ratio = ha / na / (hb / nb);
  const spread = twoSidedZ(confidence) * Math.sqrt(Math.max(0, 1 / ha - 1 / na + 1 / hb - 1 / nb));
  return { ratio, low: ratio * Math.exp(-spread), high: ratio * Math.exp(spread) };
}
