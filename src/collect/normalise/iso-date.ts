/**
 * Dates on the wire, read strictly and written cheaply. ISO 8601 with at least a day; no zone means UTC. Numbers are
 * epoch milliseconds, or seconds when below 1e11. Years 1900 to 2299, which is what the warehouse can hold.
 */
import { DAY_MS } from '../../kernel/clock.ts';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;
const EARLIEST_MS = Date.UTC(1900, 0, 1);
const LATEST_MS = Date.UTC(2300, 0, 1) - 1;
const SECONDS_BELOW = 1e11;

/** Milliseconds since 1970, or NaN when `value` is not a date that we read. */
export function readDate(value: unknown): number {
  if (typeof value === 'string') return within(isCanonical(value) ? readCanonical(value) : readIso(value));
  if (typeof value === 'number')
    return within(Math.floor(Math.abs(value) < SECONDS_BELOW ? value * 1_000 : value));
  return Number.NaN;
}

/** `2026-07-21T09:30:00.000Z`: what nearly every client sends, and what we write. */
export const isCanonical = (text: string): boolean =>
  text.length === 24 &&
  text.charCodeAt(4) === DASH &&
  text.charCodeAt(7) === DASH &&
  text.charCodeAt(10) === T &&
  text.charCodeAt(13) === COLON &&
  text.charCodeAt(16) === COLON &&
  text.charCodeAt(19) === DOT &&
  text.charCodeAt(23) === Z;

let known_day = Number.NaN;
let known_prefix = '';

/** ISO 8601, UTC, milliseconds. Remembers the last day, since events come in time order. */
export function formatIso(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== known_day) {
    known_prefix = new Date(day * DAY_MS).toISOString().slice(0, 11);
    known_day = day;
  }
  const rest = ms - day * DAY_MS;
  const hour = Math.floor(rest / 3_600_000);
  const minute = Math.floor((rest % 3_600_000) / 60_000);
  const second = Math.floor((rest % 60_000) / 1_000);
  const milli = Math.floor(rest % 1_000);
  return `${known_prefix}${pad2(hour)}:${pad2(minute)}:${pad2(second)}.${milli < 100 ? '0' : ''}${pad2(milli)}Z`;
}

const DASH = 45;
const DOT = 46;
const COLON = 58;
const T = 84;
const Z = 90;

const pad2 = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
const within = (ms: number): number => (ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : Number.NaN);

/** `length` digits from `at` on; NaN when one of them is not a digit. */
function digits(text: string, at: number, length: number): number {
  let n = 0;
  for (let i = at; i < at + length; i++) {
    const d = text.charCodeAt(i) - 48;
    if (d < 0 || d > 9) return Number.NaN;
    n = n * 10 + d;
  }
  return n;
}

const readCanonical = (text: string): number =>
  compose(
    digits(text, 0, 4),
    digits(text, 5, 2),
    digits(text, 8, 2),
    digits(text, 11, 2),
    digits(text, 14, 2),
    digits(text, 17, 2),
    digits(text, 20, 3),
    0,
  );

function readIso(text: string): number {
  const parts = text.length <= 40 ? ISO.exec(text) : null;
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return compose(+(year ?? ''), +(month ?? ''), +(day ?? ''), +hour, +minute, +second, ms, readZone(zone));
}

/** Minutes east of UTC; NaN when there is no such zone. */
function readZone(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const compact = zone.replace(':', '');
  const hours = digits(compact, 1, 2);
  const minutes = compact.length > 3 ? digits(compact, 3, 2) : 0;
  if (hours > 14 || minutes > 59) return Number.NaN;
  return (compact.charCodeAt(0) === DASH ? -1 : 1) * (hours * 60 + minutes);
}

/** Refuses 30 February and 25 o'clock, which Date would roll over; a leap second is the next second. */
function compose(
  y: number,
  mo: number,
  d: number,
  h: number,
  mi: number,
  s: number,
  ms: number,
  east: number,
): number {
  if (!(mo >= 1 && mo <= 12 && d >= 1 && d <= daysIn(y, mo) && h <= 23 && mi <= 59 && s <= 60))
    return Number.NaN;
  if (!(y >= 1900)) return Number.NaN;
  return Date.UTC(y, mo - 1, d, h, mi - east, s, ms);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
