/**
 * Takes settled events through the stages that keep people: who they are, what they are like, their sessions, their
 * audiences. Beside the pipeline and in larger steps, so that a person's events within some seconds change one row and
 * one state instead of one each.
 *
 * The feed has a log position of its own, committed with the last of the states. After a crash or a failed write the
 * events from there on are counted again out of the log, which is kept that long; which of them were stored, the
 * warehouse says. States know what they have counted, rows are keyed: nothing counts twice.
 */
import { EVENTS } from '../collect/contract.ts';
import type { LogRecord } from '../collect/fate/settle.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { sql } from '../kernel/sql.ts';
import type { Turns } from '../kernel/turns.ts';
import type { Position } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { restWhileBusy } from './accepting-first.ts';
import { parseRecords } from './parse-records.ts';
import { pause } from './pause.ts';
import type { PeopleSteps } from './people-steps.ts';
import type { LogReader } from './thread-ports.ts';

const POSITION_KEY = 'pipeline:people';
/** Written when this many events were counted, or the first of them this long ago. */
const EVENTS_MAX = 200_000;
const WAIT_MS = 10_000;
/** With little traffic, or none, nothing is saved by waiting. */
const EVENTS_FEW = 2_000;
const WAIT_FEW_MS = 1_000;
const QUIET_MS = 500;
const TICK_MS = 200;
const RETRY_MS = 1_000;
const INSERT_ROWS = 20_000;
/** Events counted, and states committed, before others get their turn. */
const COUNT_EVENTS = 1_000;
const COMMIT_STATES = 2_000;
const READ_RECORDS = 5_000;
/** With more events in hand the pipeline waits, so that memory stays bounded. */
const QUEUE_EVENTS_MAX = 100_000;

export interface PeopleFeed {
  /** Counts again what the pipeline had settled up to `settled`, then goes on by itself. */
  start(settled: Position): Promise<void>;
  /** Hands over what a round stored; everything below `settled` is then known here. Waits when too much is in hand. */
  enqueue(stored: readonly LogRecord[], settled: Position): Promise<void>;
  /** A decision was taken outside the stream: the later stages hear of it although no event comes. */
  nudge(): void;
  /** Counts and writes what is in hand. */
  stop(): Promise<void>;
  /** Below it no event is needed any more. */
  position(): Position;
  /** When something was last written, ms. */
  last_ms(): number;
  failing(): string | undefined;
}

export interface PeopleFeedDeps {
  readonly log: LogReader;
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly steps: PeopleSteps;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly waiting_requests: () => number;
}

export function createPeopleFeed(deps: PeopleFeedDeps): PeopleFeed {
  const { log, online, warehouse, steps, turns, clock, logger } = deps;
  const stopping = new AbortController();
  const queue: { readonly stored: readonly LogRecord[]; readonly settled: Position }[] = [];
  let queued = 0;
  /** Everything below is written; counted; known here. */
  let written: Position = 0;
  let counted: Position = 0;
  let known: Position = 0;
  /** Events counted and not yet written. */
  let waiting = 0;
  let nudged = false;
  let since_ms = 0;
  let heard_ms = 0;
  let last_ms = clock.now_ms();
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  /** Set while we hold the turn: from the first event counted until it is written. */
  let passOn: (() => void) | undefined;

  const begin = async (): Promise<void> => {
    passOn ??= await turns.take();
  };
  const end = (): void => {
    waiting = 0;
    passOn?.();
    passOn = undefined;
  };

  async function count(stored: readonly LogRecord[], settled: Position): Promise<void> {
    if (waiting === 0) since_ms = clock.now_ms();
    for (let at = 0; at < stored.length; at += COUNT_EVENTS) {
      const some = stored.slice(at, at + COUNT_EVENTS);
      await begin();
      await steps.add(some);
      waiting += some.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    counted = settled;
    if (waiting === 0) written = settled;
  }

  /** As a batch without events. */
  async function countNothing(): Promise<void> {
    nudged = false;
    if (waiting === 0) since_ms = clock.now_ms();
    await begin();
    await steps.add([]);
    waiting += 1;
  }

  async function countAgain(): Promise<void> {
    steps.reset();
    end();
    // Decisions that nobody has heard of yet wait for a batch, even without events.
    nudged = true;
    queue.length = 0;
    queued = 0;
    counted = written;
    while (counted < known) {
      const slice = await log.read(counted, { max_records: Math.min(READ_RECORDS, known - counted) });
      const next = slice.first + slice.lines.length;
      const rows = await warehouse.query<{ position: number }>(
        sql`SELECT position FROM ${EVENTS} WHERE position >= ${slice.first} AND position < ${next}`,
      );
      const stored = new Set(rows.map((row) => row.position));
      await count(
        (await parseRecords(slice)).filter((record) => stored.has(record.position)),
        next,
      );
    }
  }

  function isDue(): boolean {
    if (waiting === 0) return false;
    const now_ms = clock.now_ms();
    const wait_ms = waiting <= EVENTS_FEW || now_ms - heard_ms >= QUIET_MS ? WAIT_FEW_MS : WAIT_MS;
    return waiting >= EVENTS_MAX || now_ms - since_ms >= wait_ms;
  }

  async function write(): Promise<void> {
    const { rows, put, remove } = await steps.take();
    for (const { into, lines } of rows) {
      for (let at = 0; at < lines.length; at += INSERT_ROWS) {
        await warehouse.insert(into, lines.slice(at, at + INSERT_ROWS));
      }
    }
    // In parts, so that the pipeline's commits come in between.
    for (let at = 0; at < put.length; at += COMMIT_STATES) {
      await online.commit({ put: put.slice(at, at + COMMIT_STATES) });
    }
    await online.commit({ put: [{ key: POSITION_KEY, value: counted }], remove });
    steps.committed();
    end();
    written = counted;
    last_ms = clock.now_ms();
  }

  async function turn(): Promise<void> {
    if (nudged) await countNothing();
    while (!isDue()) {
      const next = queue.shift();
      if (next === undefined) break;
      queued -= next.stored.length;
      await count(next.stored, next.settled);
    }
    if (isDue()) await write();
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const began_ms = clock.now_ms();
        await turn();
        failure = undefined;
        await restWhileBusy(deps.waiting_requests, clock.now_ms() - began_ms, stopping.signal);
        await pause(queue.length > 0 ? 0 : TICK_MS, stopping.signal);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        logger.error(
          { error: failure, position: written },
          'people could not be brought up to date and will be counted again',
        );
        await pause(RETRY_MS, stopping.signal);
        await countAgain().catch((again: unknown) =>
          logger.error({ error: String(again) }, 'people could not be counted again yet'),
        );
      }
    }
  }

  return {
    async start(settled) {
      known = settled;
      written = Math.min(settled, Math.max((await online.get<Position>(POSITION_KEY)) ?? 0, log.start()));
      await countAgain();
      running = loop();
    },
    async enqueue(stored, settled) {
      queue.push({ stored, settled });
      queued += stored.length;
      known = settled;
      heard_ms = clock.now_ms();
      while (queued > QUEUE_EVENTS_MAX && !stopping.signal.aborted) await pause(TICK_MS, stopping.signal);
    },
    nudge: () => {
      nudged = true;
    },
    async stop() {
      stopping.abort();
      if (running === undefined) return;
      await running;
      for (const { stored, settled } of queue.splice(0)) await count(stored, settled);
      if (nudged) await countNothing();
      if (waiting > 0) await write();
      end();
    },
    position: () => written,
    last_ms: () => last_ms,
    failing: () => failure,
  };
}
