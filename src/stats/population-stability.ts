/**
 * Population stability index of two distributions over the same bins: Σ (a − b) ln(a / b) over the shares, 0 for equal
 * ones (Siddiqi 2006, who calls .1 to .25 a small and more a major shift). Each bin gets half a count more, so that an
 * empty one does not make it infinite. Null when a side has no counts.
 */
export function populationStability(before: readonly number[], now: readonly number[]): number | null {
  const SMOOTH = 0.5;
  const shares = (counts: readonly number[]) => {
    const total = counts.reduce((sum, c) => sum + c, 0);
    return total === 0 ? null : counts.map((c) => (c + SMOOTH) / (total + SMOOTH * counts.length));
  };
  const a = shares(before);
  const b = shares(now);
  if (a === null || b === null) return null;
  return a.reduce(
    (sum, share, i) => sum + (share - (b[i] as number)) * Math.log(share / (b[i] as number)),
    0,
  );
}
