/** Events that no client sent: Plumbline's own, and rows of files. */
import type { Clock } from '../../kernel/clock.ts';
import type { EventLog } from '../../stores/log/port.ts';
import type { AppendImported, EmitEvents, LoggedEvent } from '../contract.ts';
import { importedEvent, ownEvent } from './logged-event.ts';

/** Lines in one append: far below what the log takes at once. */
const APPEND_EVENTS = 2_000;

interface Deps {
  readonly log: Pick<EventLog, 'append'>;
  readonly clock: Clock;
}

export const createEmit = (deps: Deps): EmitEvents => appendAs(deps, ownEvent);

export const createAppendImported = (deps: Deps): AppendImported => appendAs(deps, importedEvent);

const appendAs =
  <E>({ log, clock }: Deps, lineOf: (event: E, received_at: string) => LoggedEvent) =>
  async (events: readonly E[]): Promise<void> => {
    const received_at = new Date(clock.now_ms()).toISOString();
    for (let at = 0; at < events.length; at += APPEND_EVENTS) {
      const some = events.slice(at, at + APPEND_EVENTS);
      await log.append(some.map((event) => JSON.stringify(lineOf(event, received_at))));
    }
  };
