/** The list with the item at `from` moved by one place, up (-1) or down (1); unchanged at the edges. */
export function moved<T>(list: readonly T[], from: number, by: -1 | 1): readonly T[] {
  const [item, other] = [list[from], list[from + by]];
  if (item === undefined || other === undefined) return list;
  return list.with(from, other).with(from + by, item);
}
