/** A rule's parts in plain words, for people who did not write it. */
import type { Comparison } from '../rules/comparison.ts';
import type { EventRef } from '../rules/signal.ts';
import type { Duration, Window } from '../rules/time-window.ts';

/** Items of a list that are said before "and n more". */
const LISTED_MAX = 5;
const TEXT_MAX = 60;

/** `Order Completed where coupon is known`. */
export const nameOf = ({ event, type = 'track', where = [] }: EventRef): string => {
  const name = event ?? (type === 'any' ? 'any event' : `any ${type}`);
  const conditions = where.map((condition) => `${condition.field} ${compared(condition)}`);
  return conditions.length === 0 ? name : `${name} where ${conditions.join(' and ')}`;
};

const BEFORE_VALUE: Readonly<Record<Comparison['op'], string>> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  less: 'is less than',
  at_most: 'is at most',
  at_least: 'is at least',
  greater: 'is more than',
  between: 'is between',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'fits the pattern',
  includes: 'includes',
  not_includes: 'does not include',
  exists: 'is known',
  missing: 'is not known',
  before: 'is before',
  after: 'is after',
  within_days: 'is in the last',
  older_than_days: 'is more than',
};

/** `is at least 150`, `is more than 45 days ago`. */
export function compared({ op, value }: Pick<Comparison, 'op' | 'value'>): string {
  const words = BEFORE_VALUE[op];
  if (value === undefined) return words;
  if (op === 'between' && Array.isArray(value)) return `${words} ${said(value[0])} and ${said(value[1])}`;
  if (op === 'within_days') return `${words} ${some(Number(value), 'day')}`;
  if (op === 'older_than_days') return `${words} ${some(Number(value), 'day')} ago`;
  const only = Array.isArray(value) && value.length === 1;
  if (only && (op === 'in' || op === 'not_in')) return `${op === 'in' ? 'is' : 'is not'} ${said(value[0])}`;
  return `${words} ${said(value)}`;
}

/** A value, or the first of a list, cut where it gets long. */
export function said(value: unknown): string {
  if (!Array.isArray(value)) {
    const text = JSON.stringify(value);
    return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
  }
  const left = value.length - LISTED_MAX;
  const listed = value.slice(0, LISTED_MAX).map(said).join(', ');
  return left > 0 ? `${listed} and ${left} more` : listed;
}

/** `at least once`, `2 to 4 times`. */
export function times(n: {
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
  readonly exactly?: number | undefined;
}): string {
  if (n.exactly !== undefined) return n.exactly === 0 ? 'never' : `exactly ${often(n.exactly)}`;
  if (n.at_most === undefined) return `at least ${often(n.at_least ?? 0)}`;
  if (n.at_least === undefined) return n.at_most === 0 ? 'never' : `at most ${often(n.at_most)}`;
  return `${n.at_least} to ${n.at_most} times`;
}

const often = (n: number): string => (n === 1 ? 'once' : `${n} times`);
const some = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;

/** ` within 4 hours`, empty without a limit. */
export const inLimit = (limit: Duration | undefined): string =>
  limit === undefined ? '' : ` within ${lengthInWords(limit)}`;

/** ` in the last 7 days`, ` from 2026-03-01`, empty without a window. */
export function inWindow(window: Window | undefined): string {
  if (window === undefined) return '';
  if ((window.days ?? window.hours ?? window.minutes) !== undefined)
    return ` in the last ${lengthInWords(window)}`;
  return `${window.from === undefined ? '' : ` from ${window.from}`}${window.to === undefined ? '' : ` before ${window.to}`}`;
}

const lengthInWords = ({ days, hours, minutes }: Duration): string =>
  days !== undefined
    ? some(days, 'day')
    : hours !== undefined
      ? some(hours, 'hour')
      : some(minutes ?? 0, 'minute');
