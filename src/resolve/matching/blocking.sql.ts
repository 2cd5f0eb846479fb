import { ident, join, type Sql, sql } from '../../kernel/sql.ts';
import { soundOf, valueColumn } from './clean.sql.ts';
import type { KeyRule } from './rules.ts';

export const keyColumn = (rule: number): Sql => ident(`k${rule}`);

export const hasItem = (keys: readonly KeyRule[]): boolean => keys.some((key) => key.as === 'item');

function part(key: KeyRule): Sql {
  const value = valueColumn(key.field);
  switch (key.as) {
    case 'whole':
      return value;
    case 'prefix':
      return sql`if(lengthUTF8(${value}) < ${key.length}, '', substringUTF8(${value}, 1, ${key.length}))`;
    case 'suffix':
      return sql`if(lengthUTF8(${value}) < ${key.length}, '', substringUTF8(${value}, -${key.length}))`;
    case 'soundex':
      return soundOf(value);
    case 'year':
      return sql`substring(${value}, 1, 4)`;
    case 'item':
      return sql`item`;
  }
}

/**
 * The key of a record under a rule: UInt64, 0 when a part is empty; under a rule that looks into a list, an array of
 * one key an item. Two records are compared when their keys are equal.
 */
export function keyOfRule(keys: readonly KeyRule[]): Sql {
  const parts = keys.map(part);
  const some = join(
    parts.map((text) => sql`${text} != ''`),
    ' AND ',
  );
  const key = sql`if(${some}, sipHash64(tuple(${join(parts, ', ')})), 0)`;
  const list = keys.find((one) => one.as === 'item');
  return list === undefined
    ? key
    : sql`arrayFilter(k -> k != 0, arrayMap(item -> ${key}, ${valueColumn(list.field)}))`;
}

/** True when two records `l` and `r` share the key of a rule. */
export const holds = (keys: readonly KeyRule[], column: Sql): Sql =>
  hasItem(keys)
    ? sql`hasAny(l.${column}, r.${column})`
    : sql`(l.${column} = r.${column} AND l.${column} != 0)`;
