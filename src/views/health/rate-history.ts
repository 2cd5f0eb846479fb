/** Rates of the last hour, one point a minute, from counters that only grow. Pure but for its own memory. */
export interface Totals {
  readonly accepted: number;
  readonly processed: number;
  readonly refused: number;
}

export interface RatePoint {
  /** End of the minute, ISO 8601 UTC. */
  readonly at: string;
  readonly accepted: number;
  readonly processed: number;
  readonly refused: number;
  /** Events in the log without a fate at that moment. */
  readonly lag: number;
}

export interface RateHistory {
  /** Call about once a second. */
  observe(now_ms: number, totals: Totals, lag: number): void;
  /** Events a second over the last minute, or since the start when that is less. */
  rates(): { accepted_per_s_1m: number; processed_per_s_1m: number; refused_per_s_1m: number };
  points(): readonly RatePoint[];
}

const WINDOW_MS = 60_000;
const POINTS_MAX = 60;

export function createRateHistory(): RateHistory {
  const samples: { at_ms: number; totals: Totals }[] = [];
  const points: RatePoint[] = [];
  let minute: { started_ms: number; totals: Totals } | undefined;

  return {
    observe(now_ms, totals, lag) {
      samples.push({ at_ms: now_ms, totals });
      while (samples.length > 2 && (samples[1]?.at_ms ?? 0) <= now_ms - WINDOW_MS) samples.shift();
      minute ??= { started_ms: now_ms, totals };
      if (now_ms - minute.started_ms < WINDOW_MS) return;
      points.push({ at: new Date(now_ms).toISOString(), ...difference(totals, minute.totals), lag });
      if (points.length > POINTS_MAX) points.shift();
      minute = { started_ms: now_ms, totals };
    },
    rates() {
      const first = samples[0];
      const last = samples.at(-1);
      const seconds = first && last ? (last.at_ms - first.at_ms) / 1000 : 0;
      if (!first || !last || seconds <= 0)
        return { accepted_per_s_1m: 0, processed_per_s_1m: 0, refused_per_s_1m: 0 };
      const change = difference(last.totals, first.totals);
      return {
        accepted_per_s_1m: change.accepted / seconds,
        processed_per_s_1m: change.processed / seconds,
        refused_per_s_1m: change.refused / seconds,
      };
    },
    points: () => points,
  };
}

const difference = (now: Totals, then: Totals): Totals => ({
  accepted: now.accepted - then.accepted,
  processed: now.processed - then.processed,
  refused: now.refused - then.refused,
});
