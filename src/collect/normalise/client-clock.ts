/**
 * When an event really happened, although the client's clock may be wrong.
 *
 *   timestamp = received - (sent - original)
 *
 * Both `original` and `sent` are read off the client's clock, so its error cancels out. This is the formula of the
 * Segment and RudderStack collectors. Assumption: the client stamps `sentAt` at every try and the request takes no
 * time on its way. A client that stamps `sentAt` at its first try only and is offline for days cannot be told from one
 * whose clock is days behind: its events land on their arrival, and `original_timestamp` keeps what it said.
 */
import { DAY_MS } from '../../kernel/clock.ts';

const NOT_BEFORE_MS = Date.UTC(2000, 0, 1);
/** A result later than this past the arrival is a spoofed or broken date, not a slow clock. */
const FUTURE_TOLERANCE_MS = DAY_MS;

export interface ClientTimes {
  /** NaN when the client said nothing: then the event happened on arrival. */
  readonly original_ms: number;
  /** NaN when the client said nothing: then it was sent on arrival, and no correction is made. */
  readonly sent_ms: number;
  readonly received_ms: number;
}

/** Milliseconds; NaN when the date is impossible: before 2000, or more than a day after it was received. */
export function correctedTime({ original_ms, sent_ms, received_ms }: ClientTimes): number {
  if (Number.isNaN(original_ms)) return received_ms;
  const corrected_ms = original_ms + (Number.isNaN(sent_ms) ? 0 : received_ms - sent_ms);
  if (corrected_ms < NOT_BEFORE_MS || corrected_ms > received_ms + FUTURE_TOLERANCE_MS) return Number.NaN;
  // Nothing happens after it was received: a clock that ran ahead between stamping and sending.
  return Math.min(corrected_ms, received_ms);
}
