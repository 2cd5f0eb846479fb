/** The weight of every compared pair, and what is asked of it. */
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { Model } from './estimate.ts';
import { frequencyColumn, levelColumn } from './levels.sql.ts';
import type { Scratch } from './prepare.sql.ts';
import type { MatchingRules } from './rules.ts';
import { bitsOf, rarityLevel, weightOf } from './weights.ts';

/** Float64 expression over the columns of a pair: its match weight in bits. `waterfall` says the same step by step. */
export function weightExpression(rules: MatchingRules, model: Model): Sql {
  const terms = rules.comparisons.flatMap((comparison, c) => {
    const chances = model.comparisons[c] ?? { m: [], u: [] };
    const bits = sql`arrayElement(${param(bitsOf(chances), 'Array(Float64)')}, ${levelColumn(c)} + 1)`;
    const level = rarityLevel(comparison);
    if (level === 0) return [bits];
    const frequency = frequencyColumn(c);
    const u = param(chances.u[level - 1] ?? 1, 'Float64');
    return [bits, sql`if(${levelColumn(c)} = ${level} AND ${frequency} > 0, log2(${u} / ${frequency}), 0)`];
  });
  return terms.reduce((all, term) => sql`${all} + ${term}`, sql`${param(weightOf(model.prior), 'Float64')}`);
}

/** Pairs by weight, in steps of a tenth of a bit. */
export interface WeightBin {
  /** Lower end, bits. */
  readonly weight: number;
  readonly pairs: number;
  /** Sum of their probabilities, and of p (1 - p). */
  readonly expected: number;
  readonly variance: number;
}

export const BIN_BITS = 0.1;

/** WeightBin, the heaviest first. */
export const weightBins = (rules: MatchingRules, model: Model, { pairs }: Scratch): Sql => sql`
  SELECT bin * ${BIN_BITS} AS weight, count() AS pairs, sum(p) AS expected, sum(p * (1 - p)) AS variance
  FROM (SELECT ${weightExpression(rules, model)} AS w, toInt32(floor(w / ${BIN_BITS})) AS bin, 1 / (1 + exp2(-w)) AS p FROM ${pairs})
  GROUP BY bin ORDER BY bin DESC`;

export interface EdgeColumns {
  readonly l: readonly number[];
  readonly r: readonly number[];
  readonly weight: readonly number[];
}

/** Pairs from a weight on whose left number is in a range: EdgeColumns, one row. */
export const heavyPairs = (
  rules: MatchingRules,
  model: Model,
  at: { min_weight: number; from: number; to: number },
  { pairs }: Scratch,
): Sql => sql`
  SELECT groupArray(l) AS l, groupArray(r) AS r, groupArray(round(w, 6)) AS weight
  FROM (SELECT l, r, ${weightExpression(rules, model)} AS w FROM ${pairs} WHERE l >= ${at.from} AND l < ${at.to})
  WHERE w >= ${param(at.min_weight, 'Float64')}`;
