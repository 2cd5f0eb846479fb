import { ident, join, type Sql, sql } from '../../kernel/sql.ts';
import { dayColumn, numberColumn, soundOf, valueColumn } from './clean.sql.ts';
import type { ComparisonRule, FieldRule, LevelRule, TestRule } from './rules.ts';

/** Level of a comparison on a pair: 0 when a value is missing, 1, 2, … as listed, one more when none holds. */
export const levelColumn = (comparison: number): Sql => ident(`g${comparison}`);
/** Share of records with the value that both have, for comparisons with term frequencies; 0 without. */
export const frequencyColumn = (comparison: number): Sql => ident(`t${comparison}`);

/** UInt8 expression over records `l` and `r`. */
export function levelOf(comparison: ComparisonRule, fields: readonly FieldRule[]): Sql {
  const { field, levels } = comparison;
  const value = valueColumn(field);
  const is_list = fields.find((f) => f.name === field)?.clean === 'list';
  const missing = is_list
    ? sql`empty(l.${value}) OR empty(r.${value})`
    : sql`l.${value} = '' OR r.${value} = ''`;
  const branches = levels.map((level, i) => sql`${condition(level, field)}, ${i + 1}`);
  return sql`toUInt8(multiIf(${missing}, 0, ${join(branches, ', ')}, ${levels.length + 1}))`;
}

const condition = (level: LevelRule, own: string): Sql =>
  level.is === 'all'
    ? sql`(${join(
        level.of.map((one) => test(one, own)),
        ' AND ',
      )})`
    : test(level, own);

const FUNCTIONS = {
  jaroWinklerSimilarity: sql`jaroWinklerSimilarity`,
  damerauLevenshteinDistance: sql`damerauLevenshteinDistance`,
} as const;

/**
 * The warehouse compares bytes, of which a letter outside of ASCII has several. Such a pair is written with one byte a letter
 * first: its place among the letters of the two (modulo 256, which names do not reach). ASCII is compared as it is.
 */
function overCodePoints(name: keyof typeof FUNCTIONS, l: Sql, r: Sql): Sql {
  const compare = FUNCTIONS[name];
  const bytes = (text: Sql) =>
    sql`arrayStringConcat(arrayMap(letter -> char(indexOf(ngrams(concat(${l}, ${r}), 1), letter)), ngrams(${text}, 1)))`;
  return sql`if(length(${l}) = lengthUTF8(${l}) AND length(${r}) = lengthUTF8(${r}), ${compare}(${l}, ${r}), ${compare}(${bytes(l)}, ${bytes(r)}))`;
}

function test(rule: TestRule, own: string): Sql {
  const field = rule.field ?? own;
  const l = sql`l.${valueColumn(field)}`;
  const r = sql`r.${valueColumn(field)}`;
  const both = field === own ? sql`` : sql`${l} != '' AND ${r} != '' AND `;
  switch (rule.is) {
    case 'exact':
      return sql`(${both}${l} = ${r})`;
    case 'jaro_winkler':
      return sql`(${both}${overCodePoints('jaroWinklerSimilarity', l, r)} >= ${rule.at_least})`;
    case 'damerau_levenshtein':
      return sql`(${both}${overCodePoints('damerauLevenshteinDistance', l, r)} <= ${rule.at_most})`;
    case 'phonetic':
      return sql`(${both}${soundOf(l)} = ${soundOf(r)} AND ${soundOf(l)} != '')`;
    case 'same_end':
      return sql`(lengthUTF8(${l}) >= ${rule.length} AND substringUTF8(${l}, -${rule.length}) = substringUTF8(${r}, -${rule.length}))`;
    case 'common_items':
      return sql`length(arrayIntersect(${l}, ${r})) >= ${rule.at_least}`;
    case 'date_within':
      return sql`ifNull(abs(l.${dayColumn(field)} - r.${dayColumn(field)}) <= ${rule.days}, 0)`;
    case 'months_within': {
      const month = (side: 'l' | 'r') =>
        sql`toRelativeMonthNum(toDate32(${ident(side)}.${dayColumn(field)}))`;
      return sql`ifNull(abs(toInt32(${month('l')}) - toInt32(${month('r')})) <= ${rule.months}, 0)`;
    }
    case 'number_within':
      return sql`ifNull(abs(l.${numberColumn(field)} - r.${numberColumn(field)}) <= ${rule.difference}, 0)`;
    case 'share_within': {
      const [a, b] = [sql`l.${numberColumn(field)}`, sql`r.${numberColumn(field)}`];
      return sql`ifNull(abs(${a} - ${b}) <= ${rule.share} * greatest(abs(${a}), abs(${b})), 0)`;
    }
    case 'swapped': {
      const other = valueColumn(rule.with);
      return sql`(l.${other} != '' AND r.${other} != '' AND ${l} = r.${other} AND l.${other} = ${r})`;
    }
  }
}
