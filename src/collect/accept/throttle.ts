import type { Source } from '../sources/source.ts';

/**
 * A token bucket for each source that has a limit: one second's worth of events at most. A batch larger than what is
 * left is taken whole and its debt waited off, so that no batch is too large to ever pass.
 */
export interface Throttle {
  /** Seconds to wait; 0 when the source may send now. */
  wait_s(source: Source, now_ms: number): number;
  take(source: Source, events: number, now_ms: number): void;
}

export function createThrottle(): Throttle {
  const buckets = new Map<string, { tokens: number; at_ms: number; rate: number }>();
  const bucketOf = (source: Source, rate: number, now_ms: number) => {
    let bucket = buckets.get(source.id);
    if (bucket === undefined || bucket.rate !== rate) {
      bucket = { tokens: rate, at_ms: now_ms, rate };
      buckets.set(source.id, bucket);
    }
    const elapsed_s = Math.max(0, now_ms - bucket.at_ms) / 1_000;
    bucket.tokens = Math.min(rate, bucket.tokens + elapsed_s * rate);
    bucket.at_ms = now_ms;
    return bucket;
  };
  return {
    wait_s: (source, now_ms) => {
      const rate = source.settings.events_per_s_max;
      if (rate === null) return 0;
      const { tokens } = bucketOf(source, rate, now_ms);
      return tokens > 0 ? 0 : Math.max(1, Math.ceil(-tokens / rate));
    },
    take: (source, events, now_ms) => {
      const rate = source.settings.events_per_s_max;
      if (rate !== null) bucketOf(source, rate, now_ms).tokens -= events;
    },
  };
}
