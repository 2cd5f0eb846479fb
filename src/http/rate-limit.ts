import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';

/**
 * Refuses with `throttled` once a key was used `max` times within a window. Keys are forgotten with their window; at
 * most `keys_max` are remembered, the oldest go first.
 */
export function createRateLimit(options: {
  readonly clock: Clock;
  readonly max: number;
  readonly window_ms: number;
  readonly keys_max?: number;
}): (key: string) => void {
  const { clock, max, window_ms, keys_max = 10_000 } = options;
  const windows = new Map<string, { ends_ms: number; used: number }>();

  return (key) => {
    const now = clock.now_ms();
    const window = windows.get(key);
    if (window === undefined || window.ends_ms <= now) {
      windows.delete(key);
      const [oldest] = windows.keys();
      if (windows.size >= keys_max && oldest !== undefined) windows.delete(oldest);
      windows.set(key, { ends_ms: now + window_ms, used: 1 });
      return;
    }
    window.used += 1;
    if (window.used <= max) return;
    const retry_after_s = Math.ceil((window.ends_ms - now) / 1_000);
    throw new AppError('throttled', { message: 'Too many attempts from this address.', retry_after_s });
  };
}
