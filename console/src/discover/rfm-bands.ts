import { formatRate } from '../elements/number-format.ts';

/** Rising cuts as bands: a value at a cut is beyond it, so that no value is in two. `whole`: of things that are counted. */
export function bandsOf(cuts: readonly number[], whole: boolean): string[] {
  const at = whole ? cuts.map(Math.ceil) : cuts;
  const [first] = at;
  if (first === undefined) return ['all'];
  return [
    `under ${formatRate(first)}`,
    ...at.map((cut, i) => {
      const next = at[i + 1];
      if (next === undefined) return `${formatRate(cut)} and more`;
      if (next <= cut) return 'nobody';
      if (!whole) return `${formatRate(cut)} to under ${formatRate(next)}`;
      return next - 1 === cut ? formatRate(cut) : `${formatRate(cut)} to ${formatRate(next - 1)}`;
    }),
  ];
}
