/**
 * How fast one key (a person, an address) makes events, by the events' own time, so that a phone that sends a day's
 * queue at once is not taken for a machine.
 */
import { createRecentMap } from './recent-map.ts';

export const RATE_WINDOW_S = 10;
const WINDOW_MS = RATE_WINDOW_S * 1_000;
const KEYS = 50_000;

export interface EventRate {
  /** Counts one event; true when its window of ten seconds now holds more than `per_s` allows. */
  exceeds(key: string, at_ms: number, per_s: number): boolean;
}

export function createEventRate(): EventRate {
  const windows = createRecentMap<{ window: number; count: number }>(KEYS);
  return {
    exceeds: (key, at_ms, per_s) => {
      const window = Math.floor(at_ms / WINDOW_MS);
      const seen = windows.get(key);
      if (seen === undefined) {
        windows.set(key, { window, count: 1 });
        return false;
      }
      if (seen.window !== window) {
        seen.window = window;
        seen.count = 0;
      }
      seen.count += 1;
      return seen.count > per_s * RATE_WINDOW_S;
    },
  };
}
