/** `n` points with `d` coordinates each, row after row: point i is data[i·d] … data[i·d + d − 1]. All finite. */
export interface Points {
  readonly n: number;
  readonly d: number;
  readonly data: Float64Array;
}

export function pointsOf(rows: readonly (readonly number[])[]): Points {
  const d = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    if (row.length !== d) throw new RangeError(`row ${i} has ${row.length} coordinates, not ${d}`);
    data.set(row, i * d);
  });
  return { n: rows.length, d, data };
}

export const rowOf = ({ d, data }: Points, i: number): number[] => [...data.subarray(i * d, i * d + d)];

/** The points with these indices, in their order; an index may come twice. */
export function pick({ d, data }: Points, indices: ArrayLike<number>): Points {
  const picked = new Float64Array(indices.length * d);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * d;
    picked.set(data.subarray(from, from + d), i * d);
  }
  return { n: indices.length, d, data: picked };
}

/** Squared Euclidean distance of point i of `a` to point j of `b`. */
export function squaredDistance(a: Points, i: number, b: Points, j: number): number {
  const { d } = a;
  let sum = 0;
  for (let c = 0; c < d; c++) {
    const gap = (a.data[i * d + c] as number) - (b.data[j * d + c] as number);
    sum += gap * gap;
  }
  return sum;
}

/** The nearest point of `among` to point i of `points`; the first of equals. `among` is not empty. */
export function nearest(points: Points, i: number, among: Points): { index: number; squared: number } {
  let index = 0;
  let squared = Number.POSITIVE_INFINITY;
  for (let j = 0; j < among.n; j++) {
    const gap = squaredDistance(points, i, among, j);
    if (gap < squared) {
      squared = gap;
      index = j;
    }
  }
  return { index, squared };
}

/** Random whole number below n. */
export const below = (n: number, random: () => number): number => Math.min(n - 1, Math.floor(random() * n));
