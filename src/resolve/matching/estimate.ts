/**
 * The parameters of a model from counted agreement patterns: u from pairs drawn at random, m by EM under each blocking rule
 * with the comparisons that the rule fixes left out, combined as the median over the rules (Splink's training, after Winkler
 * 1988); the prior as the rules ask.
 */
import { quantile } from '../../stats/quantile.ts';
import { type Chances, estimateMixture, type Pattern, posterior, scaledToOne, shares } from './em.ts';
import { fieldsOfComparison, type MatchingRules, nameOfKeys } from './rules.ts';

export interface BlockedPattern extends Pattern {
  /** Bit i: blocking rule i holds for these pairs. */
  readonly mask: number;
}

export interface Model {
  /** Chance that two records drawn at random are the same. */
  readonly prior: number;
  readonly comparisons: readonly EstimatedComparison[];
}

interface EstimatedComparison extends Chances {
  readonly estimated_under: readonly string[];
  /** Largest distance between the estimates of m under two rules. */
  readonly m_spread: number;
}

export interface Evidence {
  readonly random: readonly Pattern[];
  readonly blocked: readonly BlockedPattern[];
  /** Pairs that the mode could compare. */
  readonly total_pairs: number;
  /** Pairs found by the rules of the prior. */
  readonly prior_pairs: number;
}

/** Random pairs hold a few matches; each round takes them out of u with what is known of m by then. */
const ROUNDS = 2;
const START_LAMBDA = 0.1;
/** A rule under which fewer matches are expected says little about m, unless no other does. */
const MATCHES_NEEDED = 10;

export function estimateModel(rules: MatchingRules, evidence: Evidence): Model {
  const { random, blocked, total_pairs } = evidence;
  const levels = rules.comparisons.map((c) => c.levels.length + 1);
  const drawn = levels.map((n, c) =>
    shares(
      random,
      random.map((p) => p.pairs),
      c,
      n,
    ),
  );
  const sampled = random.reduce((sum, p) => sum + p.pairs, 0);
  let u = drawn;
  let comparisons: EstimatedComparison[] = [];
  let prior = START_LAMBDA;
  for (let round = 0; round < ROUNDS; round++) {
    comparisons = estimateM(rules, blocked, u);
    prior = estimatePrior(rules, evidence, comparisons);
    const clean = drawn.map((list, c) => withoutMatches(list, comparisons[c]?.m ?? [], prior, sampled));
    comparisons = comparisons.map((one, c) => ({ ...one, u: clean[c] ?? one.u }));
    u = clean;
  }
  return { prior: total_pairs === 0 ? START_LAMBDA : prior, comparisons };
}

function estimateM(
  rules: MatchingRules,
  blocked: readonly BlockedPattern[],
  u: readonly (readonly number[])[],
): EstimatedComparison[] {
  const found = rules.comparisons.map(() => [] as { rule: string; m: readonly number[]; matches: number }[]);
  rules.blocking.forEach((keys, bit) => {
    const fixed = new Set(keys.map((key) => key.field));
    const free = rules.comparisons.flatMap((c, i) =>
      fieldsOfComparison(c).some((f) => fixed.has(f)) ? [] : [i],
    );
    const patterns = reduced(blocked, bit, free);
    // One comparison alone cannot tell matches from other pairs.
    if (free.length < 2 || patterns.length < 2) return;
    const chances = free.map((i) => ({ m: startM(u[i]?.length ?? 0), u: u[i] ?? [] }));
    const mixture = estimateMixture(patterns, { lambda: START_LAMBDA, chances });
    const matches = mixture.lambda * patterns.reduce((sum, p) => sum + p.pairs, 0);
    free.forEach((i, nth) => {
      found[i]?.push({ rule: nameOfKeys(keys), m: mixture.chances[nth]?.m ?? [], matches });
    });
  });
  return found.map((all, i) => {
    const enough = all.filter((e) => e.matches >= MATCHES_NEEDED);
    const estimates = enough.length > 0 ? enough : all;
    const chances_u = u[i] ?? [];
    const m = estimates.length === 0 ? startM(chances_u.length) : medians(estimates.map((e) => e.m));
    return {
      m,
      u: chances_u,
      estimated_under: estimates.map((e) => e.rule),
      m_spread: spread(estimates.map((e) => e.m)),
    };
  });
}

/** Patterns of the pairs of one rule over the comparisons that it leaves free. */
function reduced(blocked: readonly BlockedPattern[], bit: number, free: readonly number[]): Pattern[] {
  const counts = new Map<string, { levels: number[]; pairs: number }>();
  for (const { mask, levels, pairs } of blocked) {
    if (((mask >>> bit) & 1) === 0) continue;
    const kept = free.map((i) => levels[i] ?? 0);
    const key = kept.join();
    const before = counts.get(key);
    if (before === undefined) counts.set(key, { levels: kept, pairs });
    else before.pairs += pairs;
  }
  return [...counts.values()];
}

function estimatePrior(rules: MatchingRules, evidence: Evidence, chances: readonly Chances[]): number {
  const { prior } = rules;
  const { total_pairs, prior_pairs, blocked } = evidence;
  if (prior.from === 'given') return prior.probability;
  if (total_pairs === 0) return START_LAMBDA;
  const bounded = (matches: number) => Math.min(0.5, Math.max(0.5 / total_pairs, matches / total_pairs));
  if (prior.from === 'rules') return bounded(prior_pairs / prior.recall);
  // The prior under which as many matches are expected among the compared pairs as it promises.
  let lambda = bounded(blocked.reduce((sum, p) => sum + p.pairs, 0) / 2);
  for (let i = 0; i < 200; i++) {
    const matches = blocked.reduce((sum, p) => sum + p.pairs * posterior(p.levels, lambda, chances), 0);
    const next = bounded(matches / prior.recall);
    if (Math.abs(next - lambda) < 1e-6 * lambda) return next;
    lambda = next;
  }
  return lambda;
}

/** u from drawn = lambda m + (1 - lambda) u; never below half a pair of the sample. */
function withoutMatches(
  drawn: readonly number[],
  m: readonly number[],
  lambda: number,
  sampled: number,
): number[] {
  const least = 0.5 / Math.max(1, sampled);
  return scaledToOne(drawn.map((share, l) => Math.max(least, (share - lambda * (m[l] ?? 0)) / (1 - lambda))));
}

/** Before anything is known: nine in ten at the first level, each next a fifth of the one before. */
const startM = (levels: number): number[] =>
  scaledToOne(Array.from({ length: levels }, (_, l) => 0.9 * 0.2 ** l + 0.01));

const medians = (lists: readonly (readonly number[])[]): number[] =>
  scaledToOne(
    (lists[0] ?? []).map((_, l) =>
      quantile(
        lists.map((list) => list[l] ?? 0).toSorted((a, b) => a - b),
        0.5,
      ),
    ),
  );

const spread = (lists: readonly (readonly number[])[]): number =>
  Math.max(
    0,
    ...(lists[0] ?? []).map((_, l) => {
      const values = lists.map((list) => list[l] ?? 0);
      return Math.max(...values) - Math.min(...values);
    }),
  );
