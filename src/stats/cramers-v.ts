import type { Interval } from './bootstrap.ts';
import { twoSidedZ } from './normal.ts';

/** Sums over the columns of a table with two rows, of n people a column with the share r of them inside. They add up. */
export interface TwoRows {
  readonly columns: number;
  readonly people: number;
  readonly inside: number;
  /** Sums of n·r², n·r³, n·r⁴. */
  readonly moments: readonly [number, number, number];
}

export const NO_ROWS: TwoRows = { columns: 0, people: 0, inside: 0, moments: [0, 0, 0] };

export function columnOf(inside: number, outside: number): TwoRows {
  const people = inside + outside;
  if (people === 0) return NO_ROWS;
  const r = inside / people;
  return { columns: 1, people, inside, moments: [people * r ** 2, people * r ** 3, people * r ** 4] };
}

export const addRows = (a: TwoRows, b: TwoRows): TwoRows => ({
  columns: a.columns + b.columns,
  people: a.people + b.people,
  inside: a.inside + b.inside,
  moments: [a.moments[0] + b.moments[0], a.moments[1] + b.moments[1], a.moments[2] + b.moments[2]],
});

/**
 * Association of two groups with any number of others, 0 (none) to 1, corrected for bias (Bergsma 2013): many sparse columns
 * do not look associated by chance alone. The interval is that of the delta method for φ² (Bishop, Fienberg & Holland 1975,
 * section 14.6), widened by what φ² varies by without any association, which that method leaves out. It needs no more than
 * sums over the columns, so that a million of them cost nothing. Null when a side has one group only.
 */
export function cramersV(
  { columns: k, people: n, inside, moments }: TwoRows,
  confidence = 0.95,
): (Interval & { readonly v: number }) | null {
  if (k < 2 || inside <= 0 || inside >= n) return null;
  const p = inside / n;
  const spread = p * (1 - p);
  const [s, m3, m4] = [moments[0] / n, moments[1] / n, moments[2] / n];
  const phi2 = Math.max(0, (s - p * p) / spread);
  // What one person adds to φ²: (2rx - r² - s - c(x - p)) / spread, x being 1 inside; its mean square over all of them.
  const c = 2 * p + phi2 * (1 - 2 * p);
  const a = -s - c * (1 - p);
  const b = -s + c * p;
  const square = -3 * m4 + (4 - 2 * a + 2 * b) * m3 + (4 * a - 2 * b) * s + (a * a - b * b) * p + b * b;
  const variance = Math.max(0, square) / spread ** 2 / n + (2 * (k - 1)) / n ** 2;
  const half = twoSidedZ(confidence) * Math.sqrt(variance);
  const bias = (k - 1) / (n - 1);
  const least = Math.min(2 - 1 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1;
  const corrected = (x: number) => (least <= 0 ? 0 : Math.sqrt(Math.min(1, Math.max(0, x - bias) / least)));
  const v = corrected(phi2);
  // On the scale of V, where the error is more even; without any V there is no such scale.
  const low = v === 0 ? 0 : Math.max(0, v - half / least / (2 * v));
  return { v, low, high: corrected(phi2 + half) };
}
