/** Pairs of records with the level of every comparison, and what is counted over them. */
import { empty, join, type Sql, sql } from '../../kernel/sql.ts';
import { hasItem, holds, keyColumn } from './blocking.sql.ts';
import { frequencyColumn, levelColumn, levelOf } from './levels.sql.ts';
import { allKeys, type Scratch, WORK_INSERT } from './prepare.sql.ts';
import type { MatchingRules } from './rules.ts';

const levelsOf = (rules: MatchingRules): Sql[] =>
  rules.comparisons.map((c, i) => sql`${levelOf(c, rules.fields)} AS ${levelColumn(i)}`);

const sideOf = (rules: MatchingRules, side: 0 | 1): Sql =>
  rules.mode === 'link' ? sql`AND side = ${side}` : empty;

/**
 * Adds the pairs that rule `i` is the first to find, for one of `of` parts of its keys: each pair once. `mask` says by
 * bits which blocking rules hold for it.
 */
export function fillPairs(
  rules: MatchingRules,
  i: number,
  part: { nth: number; of: number },
  to: Scratch,
): Sql {
  const mask = rules.blocking.map(
    (keys, j) => sql`bitShiftLeft(toUInt32(${holds(keys, keyColumn(j))}), ${j})`,
  );
  const frequencies = rules.comparisons.flatMap((c, j) =>
    c.term_frequency
      ? [sql`if(l.${frequencyColumn(j)} = r.${frequencyColumn(j)}, l.${frequencyColumn(j)}, 0)`]
      : [],
  );
  const columns = [sql`l.n, r.n, ${sum(mask)}`, ...levelsOf(rules), ...frequencies];
  return sql`INSERT INTO ${to.pairs} SELECT ${join(columns, ', ')} FROM ${joined(rules, i, part, to)} ${WORK_INSERT}`;
}

const sum = (terms: readonly Sql[]): Sql => terms.reduce((all, term) => sql`${all} + ${term}`);

/** Records `l` and `r` of the same block under the key `i`, not found under an earlier one of its kind (`from` on). */
function joined(
  rules: MatchingRules,
  i: number,
  part: { nth: number; of: number },
  { records }: Scratch,
  from = 0,
): Sql {
  const rule = allKeys(rules)[i] ?? [];
  const column = keyColumn(i);
  const inPart = part.of === 1 ? sql`key != 0` : sql`key != 0 AND key % ${part.of} = ${part.nth}`;
  const side = (
    of: 0 | 1,
  ) => sql`(SELECT *, ${hasItem(rule) ? sql`arrayJoin(${column})` : column} AS key FROM ${records}
    WHERE ${inPart} ${sideOf(rules, of)})`;
  const earlier = allKeys(rules)
    .slice(from, i)
    .map((keys, j) => sql`NOT ${holds(keys, keyColumn(from + j))}`);
  const once = hasItem(rule) ? [sql`l.key = arrayMin(arrayIntersect(l.${column}, r.${column}))`] : [];
  return sql`${side(0)} AS l INNER JOIN ${side(1)} AS r ON l.key = r.key
    WHERE ${join([sql`l.n < r.n`, ...earlier, ...once], ' AND ')}`;
}

/** Pairs that rule `i` of the prior is the first of them to find. */
export const countPriorPairs = (rules: MatchingRules, i: number, to: Scratch): Sql =>
  sql`SELECT count() AS pairs FROM ${joined(rules, i, { nth: 0, of: 1 }, to, rules.blocking.length)}`;

/** Every pair of the mode, for few records; else `sample_pairs` drawn at random, with replacement. Levels and counts. */
export function randomPatterns(
  rules: MatchingRules,
  counts: { left: number; right: number },
  to: Scratch,
): Sql {
  const columns = rules.comparisons.map((_, i) => levelColumn(i));
  const drawn = drawnPairs(rules, counts, to);
  return sql`SELECT ${join(columns, ', ')}, count() AS pairs FROM (SELECT ${join(levelsOf(rules), ', ')} FROM ${drawn})
    GROUP BY ${join(columns, ', ')} ORDER BY ${join(columns, ', ')}`;
}

function drawnPairs(
  rules: MatchingRules,
  counts: { left: number; right: number },
  { records }: Scratch,
): Sql {
  const link = rules.mode === 'link';
  const total = totalPairs(rules, counts);
  if (total <= rules.sample_pairs)
    return sql`(SELECT * FROM ${records} WHERE 1 ${sideOf(rules, 0)}) AS l
      CROSS JOIN (SELECT * FROM ${records} WHERE 1 ${sideOf(rules, 1)}) AS r WHERE l.n < r.n`;
  const [first, others] = link ? [counts.left, counts.right] : [counts.left, counts.left];
  const pairs = sql`(SELECT sipHash64(number, ${rules.seed}, 'left') % ${first} AS a,
      sipHash64(number, ${rules.seed}, 'right') % ${others} + ${link ? first : 0} AS b FROM numbers(${rules.sample_pairs}))`;
  return sql`${pairs} AS p INNER JOIN ${records} AS l ON l.n = p.a INNER JOIN ${records} AS r ON r.n = p.b WHERE a != b`;
}

/** Pairs that the mode could compare. */
export const totalPairs = (rules: MatchingRules, { left, right }: { left: number; right: number }): number =>
  rules.mode === 'link' ? left * right : (left * (left - 1)) / 2;

/** Agreement patterns of the compared pairs by the rules that hold for them: what the model is estimated from. */
export function blockedPatterns(rules: MatchingRules, { pairs }: Scratch): Sql {
  const columns = rules.comparisons.map((_, i) => levelColumn(i));
  return sql`SELECT mask, ${join(columns, ', ')}, count() AS pairs FROM ${pairs}
    GROUP BY mask, ${join(columns, ', ')} ORDER BY mask, ${join(columns, ', ')}`;
}
