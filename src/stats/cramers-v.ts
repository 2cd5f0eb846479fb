import { binomial } from './binomial.ts';
import { type Interval, percentiles } from './bootstrap.ts';

/**
 * Association of two groupings, 0 (none) to 1, from a table of counts, corrected for bias (Bergsma 2013): small samples
 * do not look associated by chance alone. The interval is the percentile one over multinomial resamples of the table.
 * Null when a side has one group only.
 */
export function cramersV(
  table: readonly (readonly number[])[],
  random: () => number,
  { resamples = 500, confidence = 0.95 } = {},
): (Interval & { readonly v: number }) | null {
  const v = corrected(table);
  if (v === null) return null;
  const cells = table.flat();
  const total = cells.reduce((sum, c) => sum + c, 0);
  const columns = (table[0] as readonly number[]).length;
  const values = Array.from({ length: resamples }, () => {
    const drawn = multinomial(cells, total, random);
    return corrected(table.map((_, r) => drawn.slice(r * columns, (r + 1) * columns))) ?? 0;
  });
  const { low, high } = percentiles(values, confidence);
  return { v, low: Math.min(low, v), high: Math.max(high, v) };
}

function corrected(table: readonly (readonly number[])[]): number | null {
  const rows = table.map((row) => row.reduce((sum, c) => sum + c, 0));
  const columns = (table[0] ?? []).map((_, c) => table.reduce((sum, row) => sum + (row[c] as number), 0));
  const n = rows.reduce((sum, c) => sum + c, 0);
  const r = rows.filter((count) => count > 0).length;
  const k = columns.filter((count) => count > 0).length;
  if (r < 2 || k < 2 || n < 2) return null;
  let chi2 = 0;
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = ((rows[i] as number) * (columns[j] as number)) / n;
      if (expected > 0) chi2 += (count - expected) ** 2 / expected;
    });
  });
  const phi2 = Math.max(0, chi2 / n - ((r - 1) * (k - 1)) / (n - 1));
  const least = Math.min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1;
  return least <= 0 ? 0 : Math.min(1, Math.sqrt(phi2 / least));
}

/** Counts of a resample of `total` things; binomials one after the other, normal where they are large. */
function multinomial(cells: readonly number[], total: number, random: () => number): number[] {
  let left = total;
  let weight = total;
  return cells.map((cell) => {
    const p = weight <= 0 ? 0 : Math.min(1, cell / weight);
    const count = binomial(left, p, random);
    left -= count;
    weight -= cell;
    return count;
  });
}
