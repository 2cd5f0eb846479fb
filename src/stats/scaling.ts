import type { Points } from './points.ts';
import { binOf, inOrder, quantile } from './quantile.ts';

/** How the coordinates of points are made comparable; kept with a model, so that later points are scaled the same. */
export type Scaling =
  | { readonly kind: 'affine'; readonly center: readonly number[]; readonly scale: readonly number[] }
  /** Of each coordinate, values in rising order; a value becomes its mid-rank among them, 0 to 1. */
  | { readonly kind: 'rank'; readonly grids: readonly (readonly number[])[] };

export type ScalingKind = 'none' | 'standard' | 'robust' | 'quantile';

const GRID = 101;

/**
 * `standard`: mean 0 and standard deviation 1 (of the population, n). `robust`: median 0 and interquartile range 1, or
 * the standard deviation where the middle half is one value. `quantile`: ranks. What does not vary becomes 0.
 */
export function fitScaling(points: Points, kind: ScalingKind): Scaling {
  const columns = Array.from({ length: points.d }, (_, c) => columnOf(points, c));
  if (kind === 'quantile') {
    return {
      kind: 'rank',
      grids: columns.map((column) => {
        const sorted = inOrder(column);
        return Array.from({ length: GRID }, (_, i) => quantile(sorted, i / (GRID - 1)));
      }),
    };
  }
  const parts = columns.map((column) => {
    if (kind === 'none') return { center: 0, scale: 1 };
    const { mean, sd } = meanAndSd(column);
    if (kind === 'standard') return { center: mean, scale: sd || 1 };
    const sorted = inOrder(column);
    return {
      center: quantile(sorted, 0.5),
      scale: quantile(sorted, 0.75) - quantile(sorted, 0.25) || sd || 1,
    };
  });
  return { kind: 'affine', center: parts.map((p) => p.center), scale: parts.map((p) => p.scale) };
}

export function applyScaling({ n, d, data }: Points, scaling: Scaling): Points {
  const scaled = new Float64Array(n * d);
  for (let i = 0; i < scaled.length; i++) {
    const value = data[i] as number;
    const c = i % d;
    scaled[i] =
      scaling.kind === 'rank'
        ? midRank(value, scaling.grids[c] as readonly number[])
        : (value - (scaling.center[c] as number)) / (scaling.scale[c] as number);
  }
  return { n, d, data: scaled };
}

/** Mean and standard deviation (of the population); two passes. */
export function meanAndSd(values: ArrayLike<number>): { mean: number; sd: number } {
  const n = values.length;
  if (n === 0) return { mean: 0, sd: 0 };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] as number) - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / n) };
}

export const columnOf = ({ n, d, data }: Points, c: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => data[i * d + c] as number);

/** Share of the grid below the value, half of those equal to it counted. */
function midRank(value: number, grid: readonly number[]): number {
  const at_or_below = binOf(value, grid);
  let equal = 0;
  while (equal < at_or_below && grid[at_or_below - 1 - equal] === value) equal++;
  return (at_or_below - equal / 2) / grid.length;
}
