/**
 * Latent classes by expectation-maximisation over agreement patterns: pairs are matches with probability lambda; given
 * the class, comparisons are independent (the assumption that must hold: two comparisons of the same value, a name and
 * its e-mail, count evidence twice). Fellegi & Sunter, JASA 64 (1969); Winkler, ASA Survey Research (1988).
 *
 * A level of 0 is a missing value and says nothing. Levels count from 1.
 */
export interface Pattern {
  /** Level of each comparison. */
  readonly levels: readonly number[];
  readonly pairs: number;
}

/** Chances of each level of one comparison, level 1 first; each list sums to 1. */
export interface Chances {
  readonly m: readonly number[];
  readonly u: readonly number[];
}

export interface Mixture {
  readonly lambda: number;
  readonly chances: readonly Chances[];
  readonly iterations: number;
  readonly converged: boolean;
}

export interface EmOptions {
  /** Learns u too; else it stays as given. */
  readonly learn_u?: boolean;
  readonly max_iterations?: number;
  /** Largest change of a parameter at which it stops. */
  readonly tolerance?: number;
}

/** Pseudo-counts of a level, half a pair each (Jeffreys): no chance becomes 0, and no weight infinite. */
const PSEUDO = 0.5;
const LAMBDA_MIN = 1e-9;

/** Without pairs the start comes back as it is. */
export function estimateMixture(
  patterns: readonly Pattern[],
  start: { readonly lambda: number; readonly chances: readonly Chances[] },
  { learn_u = false, max_iterations = 500, tolerance = 1e-6 }: EmOptions = {},
): Mixture {
  const total = patterns.reduce((sum, p) => sum + p.pairs, 0);
  let { lambda, chances } = start;
  if (total === 0) return { lambda, chances, iterations: 0, converged: false };
  for (let i = 1; i <= max_iterations; i++) {
    const matches = patterns.map((p) => p.pairs * posterior(p.levels, lambda, chances));
    const next_lambda = clamp(matches.reduce((sum, x) => sum + x, 0) / total);
    const next = chances.map((old, c) => ({
      m: shares(patterns, matches, c, old.m.length),
      u: learn_u ? shares(patterns, complement(patterns, matches), c, old.u.length) : old.u,
    }));
    const change = Math.max(
      Math.abs(next_lambda - lambda),
      ...next.flatMap((now, c) => now.m.map((m, l) => Math.abs(m - at(chances[c]?.m, l)))),
      ...(learn_u ? next.flatMap((now, c) => now.u.map((u, l) => Math.abs(u - at(chances[c]?.u, l)))) : []),
    );
    lambda = next_lambda;
    chances = next;
    if (change < tolerance) return { lambda, chances, iterations: i, converged: true };
  }
  return { lambda, chances, iterations: max_iterations, converged: false };
}

/** Probability that a pair with these levels is a match. */
export function posterior(levels: readonly number[], lambda: number, chances: readonly Chances[]): number {
  let odds = Math.log(lambda) - Math.log1p(-lambda);
  levels.forEach((level, c) => {
    if (level > 0) odds += Math.log(at(chances[c]?.m, level - 1)) - Math.log(at(chances[c]?.u, level - 1));
  });
  return 1 / (1 + Math.exp(-odds));
}

/** Share of each level among the weighted pairs where the comparison says something. */
export function shares(
  patterns: readonly Pattern[],
  weights: readonly number[],
  comparison: number,
  levels: number,
): number[] {
  const counts = new Array<number>(levels).fill(PSEUDO);
  patterns.forEach((p, i) => {
    const level = at(p.levels, comparison);
    if (level > 0) counts[level - 1] = at(counts, level - 1) + at(weights, i);
  });
  return scaledToOne(counts);
}

export function scaledToOne(parts: readonly number[]): number[] {
  const sum = parts.reduce((s, x) => s + x, 0);
  return parts.map((x) => x / sum);
}

const complement = (patterns: readonly Pattern[], matches: readonly number[]): number[] =>
  patterns.map((p, i) => p.pairs - at(matches, i));

const clamp = (lambda: number): number => Math.min(1 - LAMBDA_MIN, Math.max(LAMBDA_MIN, lambda));

const at = (list: readonly number[] | undefined, i: number): number => {
  const value = list?.[i];
  if (value === undefined) throw new RangeError(`no value at ${i}`);
  return value;
};
