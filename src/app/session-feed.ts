/**
 * Feeds settled events to the sessions, and writes what changed in larger steps than the pipeline's: a person's events
 * within some seconds change one row and one state instead of one each.
 *
 * Sessions have a log position of their own, committed with their state. After a crash the events from there on are
 * counted again out of the log, which is kept that long; which of them were stored, the warehouse says.
 */
import { EVENTS } from '../collect/contract.ts';
import type { LogRecord } from '../collect/fate/settle.ts';
import type { Clock } from '../kernel/clock.ts';
import { sql } from '../kernel/sql.ts';
import { SESSIONS } from '../profile/contract.ts';
import type { SessionStep } from '../profile/sessions/sessions.step.ts';
import type { EventLog, Position } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { parseRecords } from './parse-records.ts';

const SESSIONS_KEY = 'pipeline:sessions';
/** Written when this many events wait, or the first of them this long. */
const EVENTS_MAX = 200_000;
const WAIT_MS = 15_000;
/** With little traffic nothing is saved by waiting. */
const EVENTS_FEW = 2_000;
const WAIT_FEW_MS = 2_000;
const INSERT_ROWS = 20_000;
const READ_RECORDS = 5_000;

export interface SessionFeed {
  /** Back to what is committed; counts again what the pipeline had settled up to `settled`. */
  recover(settled: Position): Promise<void>;
  add(stored: readonly LogRecord[]): Promise<void>;
  /** Milliseconds until something must be written; `WAIT_MS` when nothing waits. */
  due_ms(): number;
  /** Writes what waits; everything below `settled` is then counted. */
  write(settled: Position): Promise<void>;
  /** Below it no event is needed for sessions any more; a large number when nothing waits. */
  position(): Position;
}

export function createSessionFeed(deps: {
  readonly log: EventLog;
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly sessions: SessionStep;
  readonly clock: Clock;
}): SessionFeed {
  const { log, online, warehouse, sessions, clock } = deps;
  let position: Position = 0;
  let since_ms = 0;

  async function add(stored: readonly LogRecord[]): Promise<void> {
    if (sessions.waiting() === 0) since_ms = clock.now_ms();
    await sessions.add(stored);
  }

  return {
    async recover(settled) {
      sessions.reset();
      position = Math.max((await online.get<Position>(SESSIONS_KEY)) ?? 0, log.start());
      for (let at = position; at < settled; ) {
        const slice = await log.read(at, { max_records: Math.min(READ_RECORDS, settled - at) });
        const next = slice.first + slice.lines.length;
        const rows = await warehouse.query<{ position: number }>(
          sql`SELECT position FROM ${EVENTS} WHERE position >= ${slice.first} AND position < ${next}`,
        );
        const stored = new Set(rows.map((row) => row.position));
        await add(parseRecords(slice).filter((record) => stored.has(record.position)));
        at = next;
      }
    },
    add,
    due_ms() {
      const waiting = sessions.waiting();
      if (waiting === 0) return WAIT_MS;
      if (waiting >= EVENTS_MAX) return 0;
      return Math.max(0, since_ms + (waiting <= EVENTS_FEW ? WAIT_FEW_MS : WAIT_MS) - clock.now_ms());
    },
    async write(settled) {
      if (sessions.waiting() > 0) {
        const { rows, online: changes } = await sessions.take();
        for (let at = 0; at < rows.length; at += INSERT_ROWS) {
          await warehouse.insert(SESSIONS, rows.slice(at, at + INSERT_ROWS));
        }
        const mark = { key: SESSIONS_KEY, value: settled };
        await online.commit({ ...changes, put: [...(changes.put ?? []), mark] });
        sessions.committed();
      }
      position = settled;
    },
    position: () => (sessions.waiting() > 0 ? position : Number.MAX_SAFE_INTEGER),
  };
}
