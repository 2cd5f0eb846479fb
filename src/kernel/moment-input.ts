/** Moments and places that callers name, bounded by what every store holds. */
import { z } from 'zod';

const LAST_MS = Date.parse('2200-01-01T00:00:00.000Z');

/** Whether the stores hold this moment: 1970 to 2199. */
export const isMoment = (ms: number): boolean => Number.isInteger(ms) && ms >= 0 && ms < LAST_MS;

/** Whether it can be a position in the log. */
export const isPosition = (position: number): boolean => Number.isSafeInteger(position) && position >= 0;

/** ISO 8601, from 1970 to 2199. */
export const momentInput = z.iso
  .datetime({ offset: true })
  .refine((text) => isMoment(Date.parse(text)), 'must lie between 1970 and 2199');
