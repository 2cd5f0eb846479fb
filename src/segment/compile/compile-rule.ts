/** A rule ready for use, in memory and in SQL: the tree over compiled predicates. */
import { type Sql, sql } from '../../kernel/sql.ts';
import { predicateOf } from '../predicates/index.ts';
import type { Answer, CompiledPredicate, Needs, PersonView, ScanColumns } from '../predicates/predicate.ts';
import type { Leaf, Rule } from '../rules/rule.ts';

export interface CompiledRule {
  readonly needs: Needs;
  matches(view: PersonView, now_ms: number): Answer;
  toSql(columns: ScanColumns): Sql;
  /** Predicates in the order of `leavesOf`. */
  readonly leaves: readonly {
    readonly leaf: Leaf;
    readonly predicate: CompiledPredicate;
    readonly description: string;
  }[];
}

type Node = Pick<CompiledRule, 'matches' | 'toSql'>;

export function compileRule(rule: Rule, options: { readonly exclude_bots: boolean }): CompiledRule {
  const leaves: CompiledRule['leaves'][number][] = [];
  const node = (part: Rule): Node => {
    if ('all' in part) return all(part.all.map(node));
    if ('any' in part) return any(part.any.map(node));
    if ('not' in part) return not(node(part.not));
    const kind = predicateOf(part.predicate);
    if (kind === undefined) throw new Error(`no predicate ${part.predicate}`);
    const predicate = kind.compile(part, options);
    leaves.push({ leaf: part, predicate, description: kind.describe(part) });
    return predicate;
  };
  const root = node(rule);
  return { ...root, needs: needsOf(leaves.map((leaf) => leaf.predicate.needs)), leaves };
}

const not = (part: Node): Node => ({
  matches(view, now_ms) {
    const { is, until_ms } = part.matches(view, now_ms);
    return { is: !is, until_ms };
  },
  toSql: (columns) => sql`NOT ${part.toSql(columns)}`,
});

/**
 * `all` that holds may cease with the first of its parts; one that does not hold can begin only once every part that does
 * not hold has changed, so not before the last of their moments. `any` is the same the other way round.
 */
const all = (parts: readonly Node[]): Node => ({
  matches: (view, now_ms) => combine(parts, view, now_ms, true),
  toSql: (columns) => joined(parts, columns, true),
});

const any = (parts: readonly Node[]): Node => ({
  matches: (view, now_ms) => combine(parts, view, now_ms, false),
  toSql: (columns) => joined(parts, columns, false),
});

function combine(parts: readonly Node[], view: PersonView, now_ms: number, wanted: boolean): Answer {
  let [first_ms, last_ms, is] = [Number.POSITIVE_INFINITY, 0, wanted];
  for (const part of parts) {
    const answer = part.matches(view, now_ms);
    first_ms = Math.min(first_ms, answer.until_ms);
    if (answer.is === wanted) continue;
    is = !wanted;
    last_ms = Math.max(last_ms, answer.until_ms);
    // Nothing else can help as long as this one stays.
    if (last_ms === Number.POSITIVE_INFINITY) return { is, until_ms: last_ms };
  }
  return { is, until_ms: is === wanted ? first_ms : last_ms };
}

const joined = (parts: readonly Node[], columns: ScanColumns, and: boolean): Sql =>
  sql`(${parts
    .map((part) => part.toSql(columns))
    .reduce((left, right) => (and ? sql`${left} AND ${right}` : sql`${left} OR ${right}`))})`;

function needsOf(list: readonly Needs[]): Needs {
  const signals = new Map<string, Needs['signals'][number]>();
  for (const { signal, keep_ms } of list.flatMap((needs) => needs.signals)) {
    const longest = Math.max(signals.get(signal.key)?.keep_ms ?? 0, keep_ms);
    signals.set(signal.key, { signal, keep_ms: longest });
  }
  const names = (of: (needs: Needs) => readonly string[]) => [...new Set(list.flatMap(of))].sort();
  return {
    signals: [...signals.values()],
    traits: names((needs) => needs.traits),
    segments: names((needs) => needs.segments),
    sessions: list.some((needs) => needs.sessions),
  };
}
