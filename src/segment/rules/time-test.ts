/**
 * Comparing a moment: `before` and `after` a date (both exclusive), `within_days` n: `now - n days < moment <= now`,
 * `older_than_days` n: `moment <= now - n days`, the opposite of it for the past.
 */
import { DAY_MS } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { parseIsoMs } from './iso-moment.ts';

export const TIME_OPS = ['before', 'after', 'within_days', 'older_than_days'] as const;
export type TimeOp = (typeof TIME_OPS)[number];

const MAX_DAYS = 36_500;

export const isTimeOp = (op: string): op is TimeOp => (TIME_OPS as readonly string[]).includes(op);

/** What is wrong with the value of a comparison of moments, if it is one. */
export function timeValueProblem(
  op: string,
  value: unknown,
): { readonly is: 'other' } | { readonly is: 'time'; readonly problem: string | undefined } {
  if (!isTimeOp(op)) return { is: 'other' };
  if (op === 'before' || op === 'after') {
    const isDate = typeof value === 'string' && parseIsoMs(value) !== undefined;
    return {
      is: 'time',
      problem: isDate ? undefined : `${op} needs an ISO 8601 date, for example 2026-03-01`,
    };
  }
  const isDays = typeof value === 'number' && value > 0 && value <= MAX_DAYS;
  return {
    is: 'time',
    problem: isDays ? undefined : `${op} needs a number of days above 0, at most ${MAX_DAYS}`,
  };
}

export interface TimeTest {
  matches(at_ms: number, now_ms: number): boolean;
  until(at_ms: number, now_ms: number): number;
  /** Boolean over a number expression, null where that is null. */
  toSql(at_ms: Sql, now_ms: number): Sql;
  readonly timed: boolean;
}

const firstAfter = (now_ms: number, ...moments: readonly number[]): number =>
  Math.min(...moments.filter((moment) => moment > now_ms), Number.POSITIVE_INFINITY);

export function compileTimeTest(op: TimeOp, value: string | number): TimeTest {
  if (op === 'before' || op === 'after') {
    const limit_ms = parseIsoMs(String(value)) ?? 0;
    return {
      timed: false,
      matches: (at_ms) => (op === 'before' ? at_ms < limit_ms : at_ms > limit_ms),
      until: () => Number.POSITIVE_INFINITY,
      toSql: (at_ms) => (op === 'before' ? sql`${at_ms} < ${limit_ms}` : sql`${at_ms} > ${limit_ms}`),
    };
  }
  const length_ms = Math.round(Number(value) * DAY_MS);
  if (op === 'within_days') {
    return {
      timed: true,
      matches: (at_ms, now_ms) => at_ms > now_ms - length_ms && at_ms <= now_ms,
      until: (at_ms, now_ms) => firstAfter(now_ms, at_ms, at_ms + length_ms),
      toSql: (at_ms, now_ms) => sql`(${at_ms} > ${now_ms - length_ms} AND ${at_ms} <= ${now_ms})`,
    };
  }
  return {
    timed: true,
    matches: (at_ms, now_ms) => at_ms <= now_ms - length_ms,
    until: (at_ms, now_ms) => firstAfter(now_ms, at_ms + length_ms),
    toSql: (at_ms, now_ms) => sql`${at_ms} <= ${now_ms - length_ms}`,
  };
}
