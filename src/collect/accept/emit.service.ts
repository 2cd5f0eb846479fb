import type { Clock } from '../../kernel/clock.ts';
import type { EventLog } from '../../stores/log/port.ts';
import type { EmitEvents } from '../contract.ts';
import { ownEvent } from './logged-event.ts';

/** Lines in one append: far below what the log takes at once. */
const APPEND_EVENTS = 2_000;

export const createEmit =
  ({ log, clock }: { readonly log: Pick<EventLog, 'append'>; readonly clock: Clock }): EmitEvents =>
  async (events) => {
    const received_at = new Date(clock.now_ms()).toISOString();
    for (let at = 0; at < events.length; at += APPEND_EVENTS) {
      const some = events.slice(at, at + APPEND_EVENTS);
      await log.append(some.map((event) => JSON.stringify(ownEvent(event, received_at))));
    }
  };
