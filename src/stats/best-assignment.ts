/**
 * Pairs rows with columns, each at most once, so that the sum of the values is greatest. Returns the column of each row,
 * −1 where there are more rows than columns. Hungarian method with potentials (Kuhn 1955; Jonker & Volgenant 1987), O(n³).
 */
export function bestAssignment(values: readonly (readonly number[])[]): number[] {
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  const size = Math.max(rows, columns);
  const cost = (r: number, c: number): number => -(values[r]?.[c] ?? 0);
  const of_row = new Float64Array(size + 1);
  const of_column = new Float64Array(size + 1);
  const row_at = new Int32Array(size + 1);
  for (let r = 1; r <= size; r++) {
    const way = new Int32Array(size + 1);
    const slack = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const done = new Uint8Array(size + 1);
    let column = 0;
    row_at[0] = r;
    while (row_at[column] !== 0) {
      done[column] = 1;
      const row = row_at[column] as number;
      let next = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let c = 1; c <= size; c++) {
        if (done[c] === 1) continue;
        const reduced = cost(row - 1, c - 1) - (of_row[row] as number) - (of_column[c] as number);
        if (reduced < (slack[c] as number)) {
          slack[c] = reduced;
          way[c] = column;
        }
        if ((slack[c] as number) < least) {
          least = slack[c] as number;
          next = c;
        }
      }
      for (let c = 0; c <= size; c++) {
        if (done[c] === 1) {
          of_row[row_at[c] as number] = (of_row[row_at[c] as number] as number) + least;
          of_column[c] = (of_column[c] as number) - least;
        } else slack[c] = (slack[c] as number) - least;
      }
      column = next;
    }
    while (column !== 0) {
      const before = way[column] as number;
      row_at[column] = row_at[before] as number;
      column = before;
    }
  }
  const column_of = new Array<number>(rows).fill(-1);
  for (let c = 1; c <= columns; c++) {
    const row = (row_at[c] as number) - 1;
    if (row < rows) column_of[row] = c - 1;
  }
  return column_of;
}
