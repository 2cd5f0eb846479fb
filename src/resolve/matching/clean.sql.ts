import { ident, type Sql, sql, statement } from '../../kernel/sql.ts';
import type { FieldRule } from './rules.ts';

/** Lower case without accents; letters that are no letter with an accent are written out. */
const folded = (text: Sql): Sql => sql`replaceAll(replaceAll(replaceAll(
  translateUTF8(removeDiacriticsUTF8(lowerUTF8(trimBoth(${text}))), 'łøđıð', 'lodid'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')`;

const words = (text: Sql): Sql =>
  sql`trimBoth(replaceRegexpAll(${folded(text)}, '[^\\\\p{L}\\\\p{N}]+', ' '))`;

/**
 * `2026-11-25` of `20261125`, `2026-11-25T10:00`, `25.11.2026` and `25/11/2026` (day first). Impossible dates keep their digits, so
 * that a slip of the finger can still be seen as one; what has another form is empty.
 */
const date = (text: Sql): Sql => sql`multiIf(
  match(trimBoth(${text}), '^[0-9]{4}-?[0-9]{2}-?[0-9]{2}([T ].*)?$'),
    replaceRegexpOne(replaceAll(trimBoth(${text}), '-', ''), '^([0-9]{4})([0-9]{2})([0-9]{2}).*$', '\\\\1-\\\\2-\\\\3'),
  match(trimBoth(${text}), '^[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}$'),
    arrayStringConcat(arrayMap(part -> if(length(part) = 1, concat('0', part), part), reverse(splitByRegexp('[./]', trimBoth(${text})))), '-'),
  '')`;

const CLEAN: Readonly<Record<FieldRule['clean'], (text: Sql) => Sql>> = {
  name: words,
  text: words,
  email: (text) => sql`if(position(${text}, '@') > 1, lowerUTF8(trimBoth(${text})), '')`,
  /** Digits from the country code or the area on; fewer than five are no number. */
  phone: (text) => {
    const digits = sql`replaceRegexpOne(replaceRegexpAll(${text}, '[^0-9]', ''), '^0+', '')`;
    return sql`if(length(${digits}) < 5, '', ${digits})`;
  },
  date,
  postcode: (text) => sql`upperUTF8(replaceRegexpAll(${text}, '[^\\\\p{L}\\\\p{N}]', ''))`,
  number: (text) => sql`ifNull(toString(toFloat64OrNull(trimBoth(${text}))), '')`,
  /** A JSON array, or items between commas, semicolons or bars. */
  list: (
    text,
  ) => sql`arraySort(arrayDistinct(arrayFilter(item -> item != '', arrayMap(item -> ${words(sql`item`)},
    if(startsWith(${text}, '['), JSONExtract(${text}, 'Array(String)'), splitByRegexp('[,;|]', ${text}))))))`,
};

/** `hashed`: this side holds digests already, and they are compared as they are. */
export function cleaned(field: FieldRule, raw: Sql, hashed: boolean): Sql {
  if (field.hash === undefined) return CLEAN[field.clean](raw);
  const digest = sql`lower(trimBoth(${raw}))`;
  if (hashed) return digest;
  const clean = CLEAN[field.clean](raw);
  return sql`multiIf(match(${digest}, '^[0-9a-f]{64}$'), ${digest}, ${clean} = '', '', lower(hex(SHA256(${clean}))))`;
}

/** Soundex; empty for what has no Latin letter to sound by (the warehouse says 0000). */
export const soundOf = (text: Sql): Sql => sql`replaceOne(soundex(${text}), '0000', '')`;

/** Columns of a prepared record: its cleaned value, and what comparisons read again and again. */
export const valueColumn = (field: string): Sql => ident(`f_${field}`);
export const dayColumn = (field: string): Sql => ident(`d_${field}`);
export const numberColumn = (field: string): Sql => ident(`x_${field}`);

const NO_ITEMS = statement('Array(String)');
const TEXT = statement('String');
export const typeOf = (field: FieldRule): Sql => (field.clean === 'list' ? NO_ITEMS : TEXT);

/** Day number and number of a cleaned value; null where it is none. Columns with their types. */
export function derivedColumns(field: FieldRule): { column: Sql; type: Sql; value: Sql }[] {
  const text = valueColumn(field.name);
  if (field.hash !== undefined) return [];
  if (field.clean === 'date') {
    const day = sql`toDate32OrZero(${text})`;
    const value = sql`if(toString(${day}) = ${text}, toInt32(${day}), NULL)`;
    return [{ column: dayColumn(field.name), type: statement('Nullable(Int32)'), value }];
  }
  if (field.clean === 'number')
    return [
      {
        column: numberColumn(field.name),
        type: statement('Nullable(Float64)'),
        value: sql`toFloat64OrNull(${text})`,
      },
    ];
  return [];
}
