/** Quantile p of values in rising order, by linear interpolation (type 7 of Hyndman & Fan 1996, R's default). */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError('no values, no quantile');
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const from = sorted[low] as number;
  const to = sorted[Math.min(low + 1, sorted.length - 1)] as number;
  // Not from + part·(to − from): equal neighbours must give exactly their value, and large ones must not overflow.
  const part = at - low;
  return part === 0 || from === to ? from : from * (1 - part) + to * part;
}

export const inOrder = (values: Iterable<number>): Float64Array => Float64Array.from(values).sort();

/** The n − 1 quantiles that cut values into n bins of equal share; ties can make some equal, and bins empty. */
export function quantileCuts(values: Iterable<number>, n: number): number[] {
  const sorted = inOrder(values);
  return Array.from({ length: n - 1 }, (_, i) => quantile(sorted, (i + 1) / n));
}

/** Number of cuts at or below the value: its bin, 0 to cuts.length. Cuts in rising order. */
export function binOf(value: number, cuts: ArrayLike<number>): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
