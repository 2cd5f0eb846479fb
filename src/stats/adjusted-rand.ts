/**
 * Agreement of two partitions of the same things, 1 for the same one, about 0 for chance (Hubert & Arabie 1985). Any
 * labels; equal lengths.
 */
export function adjustedRand<A, B>(a: readonly A[], b: readonly B[]): number {
  const both = new Map<A, Map<B, number>>();
  a.forEach((label, i) => {
    const row = both.get(label) ?? new Map<B, number>();
    both.set(label, row.set(b[i] as B, (row.get(b[i] as B) ?? 0) + 1));
  });
  const columns = new Map<B, number>();
  let cells = 0;
  let rows = 0;
  for (const row of both.values()) {
    let size = 0;
    for (const [label, count] of row) {
      cells += pairs(count);
      size += count;
      columns.set(label, (columns.get(label) ?? 0) + count);
    }
    rows += pairs(size);
  }
  const cols = columns.values().reduce((sum, count) => sum + pairs(count), 0);
  const all = pairs(a.length);
  const chance = all === 0 ? 0 : (rows * cols) / all;
  const most = (rows + cols) / 2;
  return most === chance ? 1 : (cells - chance) / (most - chance);
}

const pairs = (n: number): number => (n * (n - 1)) / 2;
