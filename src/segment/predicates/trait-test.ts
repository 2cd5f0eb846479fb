/** A comparison of one trait: what trait, score, group, geography, device and consent are made of. */
import { join, sql } from '../../kernel/sql.ts';
import { type Comparison, compileComparison, type ValueTest } from '../rules/comparison.ts';
import { type CompiledPredicate, NEEDS_NOTHING } from './predicate.ts';

export const traitTest = (name: string, comparison: Comparison): CompiledPredicate =>
  traitHolds(name, compileComparison(comparison));

export const traitHolds = (name: string, test: ValueTest): CompiledPredicate => ({
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
});

/** All of them must hold. */
export const allOf = (parts: readonly CompiledPredicate[]): CompiledPredicate => ({
  needs: { ...NEEDS_NOTHING, traits: parts.flatMap((part) => part.needs.traits) },
  matches(view, now_ms) {
    const answers = parts.map((part) => part.matches(view, now_ms));
    return { is: answers.every((a) => a.is), until_ms: Math.min(...answers.map((a) => a.until_ms)) };
  },
  toSql(columns) {
    return sql`(${join(
      parts.map((part) => part.toSql(columns)),
      ' AND ',
    )})`;
  },
  evidence: (view, now_ms) => parts.map((part) => part.evidence(view, now_ms)),
});
