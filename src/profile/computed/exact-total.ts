/**
 * Sums that do not depend on the order of adding: values are rounded to millionths and added as whole numbers. Exact
 * while a total stays below 9 billion; beyond, the total is kept as decimal text and stays exact too.
 */
import { type Sql, statement } from '../../kernel/sql.ts';

/** Millionths: a number, or text once it is too large for one. */
export type Total = number | string;

/** Larger values do not count: they would be a mistake, and would not fit 128 bits when many are added. */
export const AMOUNT_MAX = 1e15;

export const isAmount = (value: number): boolean => Math.abs(value) <= AMOUNT_MAX;

export const millionths = (value: number): Total => normal(Math.floor(value * 1e6 + 0.5));

const normal = (whole: number): Total => (Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole).toString());

export function addTotals(a: Total, b: Total): Total {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  const sum = BigInt(a) + BigInt(b);
  const small = Number(sum);
  return Number.isSafeInteger(small) ? small : sum.toString();
}

export const amountOf = (total: Total): number => Number(total) / 1e6;

/** Aggregate, Float64: the same over the column `number`. */
export const totalSql: Sql = statement(
  `toFloat64(sum(toInt128(floor(if(abs(number) <= ${AMOUNT_MAX}, number, 0) * 1e6 + 0.5)))) / 1e6`,
);
