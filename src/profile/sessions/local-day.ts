import { DAY_MS, HOUR_MS, hourStart } from '../../kernel/clock.ts';

/** Hours whose offset is remembered at most; about two years. */
const HOURS_MAX = 20_000;

/** An IANA name in its own spelling: the warehouse minds upper and lower case, and takes no bare offsets. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^([A-Z]{3}|[A-Z][a-z].*)$/.test(name);
  } catch {
    return false;
  }
}

/** Days since 1970 on the wall calendar of an IANA zone, for milliseconds since 1970 UTC. */
export function dayCounter(time_zone: string): (ms: number) => number {
  if (time_zone === 'UTC') return (ms) => Math.floor(ms / DAY_MS);
  const offsetAt = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(time_zone).offsetNanoseconds / 1e6;
  // An offset is asked once an hour; an hour in which the clocks change is marked and asked for each event.
  const offsets = new Map<number, number | 'changes'>();
  const offsetOf = (ms: number): number => {
    const hour = hourStart(ms);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      const first = offsetAt(hour);
      offset = first === offsetAt(hour + HOUR_MS) ? first : 'changes';
      if (offsets.size >= HOURS_MAX) offsets.clear();
      offsets.set(hour, offset);
    }
    return offset === 'changes' ? offsetAt(ms) : offset;
  };
  return (ms) => Math.floor((ms + offsetOf(ms)) / DAY_MS);
}

/** The first millisecond of the local day that holds `ms`. */
export function dayStart(ms: number, dayOf: (ms: number) => number): number {
  const day = dayOf(ms);
  let low = ms - 2 * DAY_MS;
  let high = ms;
  if (dayOf(low) === day) throw new Error('days are not told apart by these rules');
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle) === day) high = middle;
    else low = middle;
  }
  return high;
}
