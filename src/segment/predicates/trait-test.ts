/** A comparison of one trait: what trait, score, group, geography, device and consent are made of. */
import { sql } from '../../kernel/sql.ts';
import { type Comparison, compileComparison } from '../rules/comparison.ts';
import { type CompiledPredicate, NEEDS_NOTHING } from './predicate.ts';

export function traitTest(name: string, comparison: Comparison): CompiledPredicate {
  const test = compileComparison(comparison);
  return {
    needs: { ...NEEDS_NOTHING, traits: [name] },
    matches(view, now_ms) {
      const reading = view.trait(name, now_ms);
      const until_ms = Math.min(
        reading?.until_ms ?? Number.POSITIVE_INFINITY,
        test.until(reading?.value, now_ms),
      );
      return { is: test.matches(reading?.value, now_ms), until_ms };
    },
    toSql(columns) {
      const raw = columns.trait(name) ?? sql`''`;
      if (test.timed) columns.timed(sql`${raw} != ''`);
      return test.toSql(raw, columns.now_ms);
    },
    evidence: (view, now_ms) => view.trait(name, now_ms)?.value ?? null,
  };
}

/** Several that must all hold, or of which one must. */
export function combined(how: 'all' | 'any', parts: readonly CompiledPredicate[]): CompiledPredicate {
  return {
    needs: { ...NEEDS_NOTHING, traits: parts.flatMap((part) => part.needs.traits) },
    matches(view, now_ms) {
      const answers = parts.map((part) => part.matches(view, now_ms));
      const is = how === 'all' ? answers.every((a) => a.is) : answers.some((a) => a.is);
      return { is, until_ms: Math.min(...answers.map((a) => a.until_ms)) };
    },
    toSql(columns) {
      const or = how === 'any';
      return parts
        .map((part) => part.toSql(columns))
        .reduce((all, part) => (or ? sql`(${all} OR ${part})` : sql`(${all} AND ${part})`));
    },
    evidence: (view, now_ms) => parts.map((part) => part.evidence(view, now_ms)),
  };
}
