import type { Points } from './points.ts';
import { columnOf, meanAndSd } from './scaling.ts';

export interface PrincipalComponents {
  /** Unit vectors, that of most variance first; the greatest loading of each is positive. */
  readonly axes: readonly (readonly number[])[];
  /** Share of the variance along each. */
  readonly explained: readonly number[];
  readonly mean: readonly number[];
}

/** Axes of most variance, from the covariance by Jacobi's rotations (Golub & Van Loan, 8.5). n >= 1. */
export function principalComponents(points: Points, count: number): PrincipalComponents {
  const { d } = points;
  const columns = Array.from({ length: d }, (_, c) => columnOf(points, c));
  const mean = columns.map((column) => meanAndSd(column).mean);
  const covariance = columns.map((a, i) =>
    columns.map(
      (b, j) =>
        a.reduce(
          (sum, value, at) => sum + (value - (mean[i] as number)) * ((b[at] as number) - (mean[j] as number)),
          0,
        ) / Math.max(1, points.n - 1),
    ),
  );
  const { values, vectors } = jacobi(covariance);
  const total = values.reduce((sum, v) => sum + v, 0);
  const order = values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number));
  const kept = order.slice(0, count);
  return {
    axes: kept.map((i) => pointed(vectors.map((row) => row[i] as number))),
    explained: kept.map((i) => (total > 0 ? Math.max(0, values[i] as number) / total : 0)),
    mean,
  };
}

function pointed(axis: number[]): number[] {
  const greatest = axis.reduce((best, v) => (Math.abs(v) > Math.abs(best) + 1e-12 ? v : best), 0);
  return greatest < 0 ? axis.map((v) => -v) : axis;
}

/** Eigenvalues of a symmetric matrix, and vectors as columns. */
function jacobi(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  const at = (m: number[][], r: number, c: number): number => m[r]?.[c] as number;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += at(a, p, q) ** 2;
    if (off < 1e-24) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (at(a, p, q) === 0) continue;
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * at(a, p, q));
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(1, theta));
        const c = 1 / Math.hypot(1, t);
        rotateColumns(a, p, q, c, t * c);
        rotateRows(a, p, q, c, t * c);
        rotateColumns(v, p, q, c, t * c);
      }
    }
  }
  return { values: a.map((row, i) => row[i] as number), vectors: v };
}

function rotateColumns(m: number[][], p: number, q: number, c: number, s: number): void {
  for (const row of m) {
    const [x, y] = [row[p] as number, row[q] as number];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
}

function rotateRows(m: number[][], p: number, q: number, c: number, s: number): void {
  const [x, y] = [m[p] as number[], m[q] as number[]];
  m[p] = x.map((value, i) => c * value - s * (y[i] as number));
  m[q] = x.map((value, i) => s * value + c * (y[i] as number));
}
