/** From a model to the evidence of one pair, in bits. */
import type { Model } from './estimate.ts';
import { type ComparisonRule, type MatchingRules, nameOfLevel } from './rules.ts';
import type { Waterfall } from './shapes.ts';

/** Bits of each level of a comparison: 0 for a missing value, then level 1, 2, … */
export const bitsOf = ({ m, u }: { m: readonly number[]; u: readonly number[] }): number[] => [
  0,
  ...m.map((chance, l) => Math.log2(chance / (u[l] ?? 1))),
];

/** Stays exact for large weights, where 2^weight / (1 + 2^weight) would be infinity over infinity. */
export const probabilityOf = (weight: number): number => 1 / (1 + 2 ** -weight);

const NEARLY_ONE = 1 - 1e-12;
/** Bits; finite for certainty, too. */
export function weightOf(probability: number): number {
  const p = Math.min(probability, NEARLY_ONE);
  return Math.log2(p / (1 - p));
}

/** The level of equality, counted from 1, whose weight follows the frequency of the value; 0 for none. */
export const rarityLevel = (comparison: ComparisonRule): number =>
  comparison.term_frequency
    ? comparison.levels.findIndex(
        (l) => l.is === 'exact' && (l.field ?? comparison.field) === comparison.field,
      ) + 1
    : 0;

/**
 * Bits added because the common value is rarer than values are on average, taken when it is more common: with a
 * share of records `frequency`, chance agreement on it is that share instead of u. Splink's adjustment.
 */
export const rarityBits = (u: number, frequency: number): number =>
  frequency > 0 ? Math.log2(u / frequency) : 0;

/** `levels` and `frequencies` of each comparison; a frequency is 0 where it does not matter. */
export function waterfall(
  rules: MatchingRules,
  model: Model,
  levels: readonly number[],
  frequencies: readonly number[],
): Waterfall {
  const prior_bits = weightOf(model.prior);
  const steps = rules.comparisons.map((comparison, c) => {
    const level = levels[c] ?? 0;
    const chances = model.comparisons[c] ?? { m: [], u: [] };
    const rare = level > 0 && level === rarityLevel(comparison);
    return {
      comparison: comparison.name,
      level,
      label: labelOf(comparison, level),
      bits: bitsOf(chances)[level] ?? 0,
      rarity_bits: rare ? rarityBits(chances.u[level - 1] ?? 1, frequencies[c] ?? 0) : 0,
    };
  });
  const weight = steps.reduce((sum, step) => sum + step.bits + step.rarity_bits, prior_bits);
  return { prior_bits, steps, weight, probability: probabilityOf(weight) };
}

export function labelOf(comparison: ComparisonRule, level: number): string {
  if (level === 0) return 'missing';
  const rule = comparison.levels[level - 1];
  return rule === undefined ? 'none of these' : nameOfLevel(rule);
}
