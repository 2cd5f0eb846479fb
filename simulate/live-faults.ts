/** What goes wrong with live events: only what the client lets through. */
import { randomUUID } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { pick } from './draws.ts';
import { type Malformation, malform } from './faults.ts';
import { isoOf } from './iso-time.ts';
import type { WireEvent } from './wire-event.ts';

export type LiveFault = 'duplicate' | 'late' | Exclude<Malformation, 'missing_identity' | 'unknown_type'>;

export interface Mischief {
  readonly rng: Rng;
  readonly share: number;
}

export const createMischief = (rng: Rng, share: number): Mischief => ({ rng, share });

/** The event as it is to be sent at `now_ms`, how often, and what is wrong with it; null: nothing. */
export function breakLive(
  { rng, share }: Mischief,
  body: WireEvent,
  now_ms: number,
): { event: WireEvent; fault: LiveFault | null; times: number } {
  // The client makes message ids itself, except where one must be sent twice.
  const event = { ...body, messageId: undefined, timestamp: isoOf(now_ms) };
  if (rng.next() >= share) return { event, fault: null, times: 1 };
  const u = rng.next();
  if (u < 0.3)
    return {
      event: { ...event, messageId: `node-next-${now_ms}-${randomUUID()}` },
      fault: 'duplicate',
      times: 2,
    };
  if (u < 0.5) {
    const late_ms = 30 * MINUTE_MS + rng.int(30 * HOUR_MS);
    return { event: { ...event, timestamp: isoOf(now_ms - late_ms) }, fault: 'late', times: 1 };
  }
  const kind = pick(rng, breakable(body));
  return { event: malform(event, kind).body, fault: kind, times: 1 };
}

/** Ways to break this event that change it. */
function breakable(body: WireEvent): readonly Exclude<LiveFault, 'duplicate' | 'late'>[] {
  if (body.type !== 'track') return ['bad_timestamp'];
  const { price, order_id } = body.properties ?? {};
  if (order_id !== undefined) return ['missing_order_id'];
  if (price !== undefined) return ['price_as_text', 'price_as_text', 'negative_quantity'];
  return ['missing_event_name', 'bad_timestamp'];
}
