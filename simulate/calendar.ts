/** The shop's year: how busy a day and an hour are, and what goes wrong on which day. */
import { DAY_MS, HOUR_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { cumulative, pickIndex } from './draws.ts';

/** Sunday first. */
export const WEEK: readonly number[] = [1.14, 0.99, 0.94, 0.93, 0.96, 0.99, 1.05];

const HOURS = [3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 14, 13, 12, 12, 13, 14, 16, 19, 21, 19, 13, 7];
const HOUR_SUMS = cumulative(HOURS);

/** How busy the UTC day that starts at `day_ms` is; 1 on average. Week, year, and two sales. */
export function seasonality(day_ms: number): number {
  const date = new Date(day_ms);
  const day_of_year = Math.floor((day_ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS);
  const year = 1 + 0.1 * Math.cos((2 * Math.PI * (day_of_year - 345)) / 365.25);
  return cell(WEEK, date.getUTCDay()) * year * saleFactor(date.getUTCMonth() + 1, date.getUTCDate());
}

function saleFactor(month: number, date: number): number {
  if (month === 11 && date >= 22 && date <= 30) return 1.5;
  if (month === 1 && date >= 2 && date <= 14) return 1.15;
  return 1;
}

/** Milliseconds into the UTC day, drawn from the hours of a region that is `utc_offset_min` ahead. */
export function drawTimeOfDay(rng: Rng, utc_offset_min: number): number {
  const local_ms = Math.floor((pickIndex(rng, HOUR_SUMS) + rng.next()) * HOUR_MS);
  const utc_ms = local_ms - utc_offset_min * 60_000;
  return ((utc_ms % DAY_MS) + DAY_MS) % DAY_MS;
}

/** A tracking outage: most of the browser's events never arrive. The orders, sent by the server, still do. */
export interface Outage {
  readonly kind: 'tracking_outage';
  readonly source: 'shop-web';
  readonly day: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly share_lost: number;
}

export function planOutage(start_ms: number, days: number): Outage {
  const day = Math.floor(days * 0.6);
  const from_ms = start_ms + day * DAY_MS + 9 * HOUR_MS;
  return {
    kind: 'tracking_outage',
    source: 'shop-web',
    day,
    from_ms,
    to_ms: from_ms + 7 * HOUR_MS,
    share_lost: 0.9,
  };
}
