import { binomial } from './binomial.ts';
import { below } from './points.ts';
import { inOrder, quantile } from './quantile.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval of a sum over bootstrap resamples (Efron & Tibshirani 1993, section 13.3) of n = values.length +
 * zeros things, of which `zeros` have the value 0: cheap for many of those.
 */
export function sumInterval(
  values: ArrayLike<number>,
  zeros: number,
  random: () => number,
  { resamples = 500, confidence = 0.95 } = {},
): Interval {
  const n = values.length + zeros;
  if (n === 0) return { low: 0, high: 0 };
  const sums = Array.from({ length: resamples }, () => {
    const drawn = binomial(n, values.length / n, random);
    let sum = 0;
    for (let i = 0; i < drawn; i++) sum += values[below(values.length, random)] as number;
    return sum;
  });
  return percentiles(sums, confidence);
}

export function percentiles(values: readonly number[], confidence: number): Interval {
  const sorted = inOrder(values);
  return { low: quantile(sorted, (1 - confidence) / 2), high: quantile(sorted, (1 + confidence) / 2) };
}
