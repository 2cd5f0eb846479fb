/** Keys of 64 bits in SQL: UInt64 in tables, 16 hex digits outside, since JavaScript numbers hold 53 bits. */
import { param, type Sql, sql } from './sql.ts';

/** UInt64 expression: `key64()` of ids.ts over a text expression. */
export const key64Of = (text: Sql): Sql => sql`reinterpretAsUInt64(reverse(substring(MD5(${text}), 1, 8)))`;

/** Text expression: the 16 hex digits of a UInt64 expression. */
export const hexOf = (key: Sql): Sql => sql`lower(leftPad(hex(${key}), 16, '0'))`;

const HEX64 = /^[0-9a-f]{16}$/;

/** UInt64 expression of 16 hex digits. */
export const keyOf = (hex: string): Sql => {
  if (!HEX64.test(hex)) throw new Error('not a 64-bit key');
  return sql`reinterpretAsUInt64(reverse(unhex(${hex})))`;
};

/** Array of many keys, for `IN`: written out, since only literals find their granules. */
export const keysOf = (hexes: readonly string[]): Sql => {
  if (!hexes.every((hex) => HEX64.test(hex))) throw new Error('not a 64-bit key');
  return sql`${param(
    hexes.map((hex) => BigInt(`0x${hex}`)),
    'Array(UInt64)',
  )}`;
};
