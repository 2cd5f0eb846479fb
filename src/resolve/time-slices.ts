import { HOUR_MS } from '../kernel/clock.ts';

export interface TimeRange {
  readonly from_ms: number;
  /** Not inside. */
  readonly to_ms: number;
}

/**
 * Whole hours with at most `events_max` events together, or one hour with more; clipped to `range`. Times that hold nothing
 * are in none, so that a crowded day between empty years is cut as finely as others. `hours`: in order, each by its start.
 */
export function timeSlices(
  hours: readonly { readonly from_ms: number; readonly events: number }[],
  range: TimeRange,
  events_max: number,
): TimeRange[] {
  const found: { from_ms: number; to_ms: number; events: number }[] = [];
  for (const { from_ms, events } of hours) {
    const last = found.at(-1);
    const to_ms = from_ms + HOUR_MS;
    if (last === undefined || last.events + events > events_max) found.push({ from_ms, to_ms, events });
    else Object.assign(last, { to_ms, events: last.events + events });
  }
  return found.map(({ from_ms, to_ms }) => ({
    from_ms: Math.max(from_ms, range.from_ms),
    to_ms: Math.min(to_ms, range.to_ms),
  }));
}
