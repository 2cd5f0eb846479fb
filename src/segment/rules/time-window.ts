/**
 * When an event counts. One place says what the bounds are, for memory and for SQL alike: an event that happened at `at`
 * counts while `at <= now`, for the last n days also `at > now - n days` (a moment exactly n days ago is out), between two
 * dates `from <= at < to`. Without a window an event counts for ever once it has happened.
 */
import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { parseIsoMs } from './iso-moment.ts';

const MAX_DAYS = 3_650;

const isoDate = z
  .string()
  .max(40)
  .refine((text) => parseIsoMs(text) !== undefined, 'must be an ISO 8601 date, for example 2026-03-01');

const lengths = {
  days: z.number().positive().max(MAX_DAYS).optional(),
  hours: z
    .number()
    .positive()
    .max(MAX_DAYS * 24)
    .optional(),
  minutes: z
    .number()
    .positive()
    .max(MAX_DAYS * 1_440)
    .optional(),
};

/** `{ days: 30 }`, `{ hours: 6 }`, `{ minutes: 15 }`. */
export const DurationSchema = z
  .strictObject(lengths)
  .refine((d) => Object.values(d).filter((part) => part !== undefined).length === 1, {
    message: 'give one of days, hours and minutes',
  })
  .meta({ description: 'A length of time: days, hours or minutes.' });
export type Duration = z.infer<typeof DurationSchema>;

export const durationMs = ({ days = 0, hours = 0, minutes = 0 }: Duration): number =>
  Math.round(days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS);

/** The last n days or hours, or between two dates (the second one exclusive). Left out: ever. */
export const WindowSchema = z
  .strictObject({ ...lengths, from: isoDate.optional(), to: isoDate.optional() })
  .superRefine((window, ctx) => {
    const relative = [window.days, window.hours, window.minutes].filter((part) => part !== undefined).length;
    const absolute = window.from !== undefined || window.to !== undefined;
    if (relative + (absolute ? 1 : 0) !== 1) {
      ctx.addIssue({ code: 'custom', message: 'give one of days, hours, minutes, and from with to' });
    }
    const [from_ms, to_ms] = [parseIsoMs(window.from ?? ''), parseIsoMs(window.to ?? '')];
    if (from_ms !== undefined && to_ms !== undefined && from_ms >= to_ms) {
      ctx.addIssue({ code: 'custom', path: ['to'], message: 'must be after `from`' });
    }
  })
  .meta({ description: 'The last n days or hours, or from one date until before another. Left out: ever.' });
export type Window = z.infer<typeof WindowSchema>;

/** A window in milliseconds. All undefined: ever. */
export interface Span {
  readonly length_ms?: number | undefined;
  readonly from_ms?: number | undefined;
  readonly to_ms?: number | undefined;
}

export function spanOf(window: Window | undefined): Span {
  if (window === undefined) return {};
  if (window.from !== undefined || window.to !== undefined) {
    return { from_ms: parseIsoMs(window.from ?? ''), to_ms: parseIsoMs(window.to ?? '') };
  }
  return { length_ms: durationMs(window) };
}

export function isWithin(at_ms: number, span: Span, now_ms: number): boolean {
  return (
    at_ms <= now_ms &&
    (span.length_ms === undefined || at_ms > now_ms - span.length_ms) &&
    (span.from_ms === undefined || at_ms >= span.from_ms) &&
    (span.to_ms === undefined || at_ms < span.to_ms)
  );
}

/** When time alone makes an event begin or cease to count, after `now_ms`: pushes into `moments`. */
export function addMoments(at_ms: number, span: Span, now_ms: number, moments: number[]): void {
  if (at_ms > now_ms) moments.push(at_ms);
  if (span.length_ms !== undefined && at_ms + span.length_ms > now_ms) moments.push(at_ms + span.length_ms);
}

/** The same as a condition on `at_ms`, an Int64 expression. */
export function withinSql(at_ms: Sql, span: Span, now_ms: number): Sql {
  const upper = sql`${at_ms} <= ${now_ms}`;
  const length =
    span.length_ms === undefined ? sql`` : sql` AND ${at_ms} > ${Math.round(now_ms - span.length_ms)}`;
  const from = span.from_ms === undefined ? sql`` : sql` AND ${at_ms} >= ${span.from_ms}`;
  const to = span.to_ms === undefined ? sql`` : sql` AND ${at_ms} < ${span.to_ms}`;
  return sql`(${upper}${length}${from}${to})`;
}
