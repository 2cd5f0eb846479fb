import { twoSidedZ } from './normal.ts';

/** A share between 0 and 1, with its interval. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A share of independent trials with its two-sided interval, which holds also near 0 and 1 and for few trials.
 * 0 <= hits <= trials; without trials nothing is known: 0 to 1. Wilson 1927; Brown, Cai, DasGupta 2001, 3.1.1.
 */
export function wilsonInterval(hits: number, trials: number, confidence = 0.95): Share {
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const z = twoSidedZ(confidence);
  const z2 = z * z;
  const share = hits / trials;
  const middle = (hits + z2 / 2) / (trials + z2);
  const half = ((z * Math.sqrt(trials)) / (trials + z2)) * Math.sqrt(share * (1 - share) + z2 / (4 * trials));
  // At the ends the formula is exact only up to rounding.
  const low = hits === 0 ? 0 : Math.max(0, middle - half);
  const high = hits === trials ? 1 : Math.min(1, middle + half);
  return { share, low, high };
}
