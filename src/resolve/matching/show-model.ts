/** A scored run as the console shows it: parameters with counts, blocking, the curve, and what to be wary of. */
import type { Scored } from './engine.service.ts';
import type { ComparisonShown, ModelShown, ThresholdPoint } from './shapes.ts';
import { bitsOf, labelOf } from './weights.ts';

const CURVE_POINTS = 200;
const WIDE_SPREAD = 0.2;

export function shownModel(
  scored: Scored,
  curve: readonly ThresholdPoint[],
  warnings: readonly string[],
): ModelShown {
  const comparisons = scored.rules.comparisons.map((_, c) => shownComparison(scored, c));
  return {
    prior_probability: scored.model.prior,
    comparisons,
    blocking: scored.blocking.map(({ rule, found, skipped_blocks, skipped_pairs }) => ({
      rule,
      pairs: found,
      skipped_blocks,
      skipped_pairs,
    })),
    curve: thinned(curve),
    warnings: [...warnings, ...blockWarnings(scored), ...comparisons.flatMap(comparisonWarnings)],
  };
}

function shownComparison({ rules, model, patterns }: Scored, c: number): ComparisonShown {
  const rule = rules.comparisons[c];
  const estimated = model.comparisons[c];
  if (rule === undefined || estimated === undefined) throw new RangeError(`no comparison ${c}`);
  const bits = bitsOf(estimated);
  const counts = new Array<number>(estimated.m.length + 1).fill(0);
  for (const { levels, pairs } of patterns) counts[levels[c] ?? 0] = (counts[levels[c] ?? 0] ?? 0) + pairs;
  return {
    name: rule.name,
    field: rule.field,
    term_frequency: rule.term_frequency,
    levels: estimated.m.map((m, l) => ({
      label: labelOf(rule, l + 1),
      m,
      u: estimated.u[l] ?? 0,
      bits: bits[l + 1] ?? 0,
      pairs: counts[l + 1] ?? 0,
    })),
    missing: counts[0] ?? 0,
    estimated_under: [...estimated.estimated_under],
    m_spread: estimated.m_spread,
  };
}

function blockWarnings({ blocking, compared_pairs, records }: Scored): string[] {
  const found: string[] = [];
  if (records.left === 0) found.push('There is no record on the left.');
  if (compared_pairs === 0) found.push('Blocking found no pair to compare: parameters are defaults.');
  for (const { rule, skipped_blocks, skipped_pairs } of blocking)
    if (skipped_blocks > 0)
      found.push(
        `Under ${rule}, ${skipped_blocks} large blocks with ${skipped_pairs} pairs were left out: a value that many share.`,
      );
  return found;
}

function comparisonWarnings({ name, estimated_under, m_spread, levels }: ComparisonShown): string[] {
  const found: string[] = [];
  if (estimated_under.length === 0)
    found.push(
      `${name} could not be estimated: every blocking rule uses its field. A default stands; add a rule without it.`,
    );
  if (m_spread > WIDE_SPREAD)
    found.push(
      `Estimates of ${name} differ by ${m_spread.toFixed(2)} between blocking rules: comparisons depend on each other.`,
    );
  const [best, none] = [levels[0]?.bits ?? 0, levels.at(-1)?.bits ?? 0];
  if (none >= best) found.push(`Disagreement on ${name} speaks for a match: check its levels.`);
  return found;
}

/** About two hundred points, the first and last among them. */
function thinned(curve: readonly ThresholdPoint[]): ThresholdPoint[] {
  const step = Math.max(1, Math.ceil(curve.length / CURVE_POINTS));
  return curve.filter((_, i) => i % step === 0 || i === curve.length - 1);
}
