import type { z } from 'zod';
import type { Candidate } from './segmentation-output.ts';

export type Judged = z.infer<typeof Candidate>;
export type Judgement = Omit<Judged, 'chosen' | 'reason'>;

/** Hennig (2007): clusters below this are dissolved by resampling. */
const DISSOLVED = 0.6;
const MOST_UNASSIGNED = 0.5;
/** Kaufman & Rousseeuw (1990), table 2.4. */
const WEAK = 0.5;

/**
 * Of the candidates within the cap whose every cluster survives resampling: the fewest clusters whose silhouette is within
 * one standard error of the best (the rule of Breiman et al. 1984 for trees). Where none survives, the most stable is
 * taken and a warning says so. `index` is -1 when nothing has two clusters.
 */
export function chooseCandidate(
  candidates: readonly Judgement[],
  cap: number,
): { readonly index: number; readonly judged: Judged[]; readonly warnings: string[] } {
  const barred = candidates.map((c) => barOf(c, cap));
  const open = candidates.map((c, i) => ({ c, i })).filter(({ i }) => barred[i] === undefined);
  const stable = open.filter(({ c }) => (c.least_stability ?? 0) >= DISSOLVED);
  const best = stable.reduce<Judgement | undefined>(
    (top, { c }) => (wide(c) > wide(top) ? c : top),
    undefined,
  );
  const near = wide(best) - (best?.silhouette_se ?? 0);
  const chosen =
    stable
      .filter(({ c }) => wide(c) >= near)
      .sort((a, b) => a.c.clusters - b.c.clusters || wide(b.c) - wide(a.c))[0] ??
    open.toSorted((a, b) => (b.c.stability ?? 0) - (a.c.stability ?? 0))[0];
  const warnings: string[] = [];
  if (chosen === undefined) {
    warnings.push(
      'No setting gives two or more clusters that a team can run: people do not fall into groups by these features.',
    );
  } else if (stable.length === 0) {
    warnings.push(
      'No number of clusters survives resampling: take these segments as a way to cut people up, not as groups that exist.',
    );
  } else if (wide(chosen.c) < WEAK) {
    warnings.push(
      `The structure is weak (silhouette ${wide(chosen.c).toFixed(2)}, below .5) and could be artificial: people near the borders could be in either cluster.`,
    );
  }
  const judged = candidates.map((c, i) => ({
    ...c,
    chosen: i === chosen?.i,
    reason: barred[i] ?? (i === chosen?.i ? praise(stable.length > 0) : blame(c, best, near)),
  }));
  return { index: chosen?.i ?? -1, judged, warnings };
}

const wide = (c: Judgement | undefined): number => c?.silhouette ?? Number.NEGATIVE_INFINITY;

function barOf(c: Judgement, cap: number): string | undefined {
  if (c.clusters < 2 || c.smallest_share === 0) return 'gives fewer than two clusters with people in them';
  if (c.clusters > cap) return `more than the ${cap} segments that the team can run`;
  if (c.unassigned_share > MOST_UNASSIGNED) return 'leaves more than half of the people in no cluster';
  return undefined;
}

const praise = (stable: boolean): string =>
  stable
    ? 'every cluster survives resampling, and none with fewer clusters is as well apart'
    : 'the most stable of those tried, though not all of its clusters survive resampling';

function blame(c: Judgement, best: Judgement | undefined, near: number): string {
  if (best === undefined) return 'less stable than the chosen one';
  if ((c.least_stability ?? 0) < DISSOLVED) return 'a cluster does not survive resampling (Jaccard below .6)';
  return wide(c) < near
    ? 'its clusters are less well apart'
    : 'as well apart within the error, but with more clusters';
}
