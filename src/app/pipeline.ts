/**
 * The consumer of the log: settle -> sink, then state and position in one commit; people follow (people-feed.ts).
 *
 * Exactly once: rows reach the warehouse (on disk) before the position moves. After a crash or a failed insert the
 * batch runs again from the committed position; every step is deterministic, and rows whose position the warehouse
 * already holds are left out, so nothing is stored twice and nothing is lost.
 */
import { DISCARDED, EVENTS, IMPORT_BASE, QUARANTINE, RESOLUTIONS } from '../collect/contract.ts';
import type { SettleStep } from '../collect/fate/settle.step.ts';
import type { LogRecord, PositionedLine } from '../collect/fate/settle.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { sql, type TableRef } from '../kernel/sql.ts';
import type { Turns } from '../kernel/turns.ts';
import type { Position } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { restWhileBusy } from './accepting-first.ts';
import { parseRecords } from './parse-records.ts';
import { pause } from './pause.ts';
import { createPeopleFeed } from './people-feed.ts';
import type { PeopleSteps } from './people-steps.ts';
import type { LogReader } from './thread-ports.ts';

export const POSITION_KEY = 'pipeline:position';

/** Rows per round: large enough for the warehouse, small enough to keep requests answered between rounds. */
const BATCH_RECORDS = 10_000;
/** At low traffic, wait this long for company, so that the warehouse is not fed crumbs. */
const LINGER_MS = 150;
const RETRY_MS = 1_000;

export interface Pipeline {
  start(): Promise<void>;
  /** Finishes the round in flight. */
  stop(): Promise<void>;
  /** Everything below has its fate and is durable. */
  position(): Position;
  /** The same for people, who follow in larger steps. Nothing below will be read again. */
  people_position(): Position;
  people_last_ms(): number;
  /** People changed by a decision: the stages that follow them are to hear of it. */
  nudge(): void;
  processed(): number;
  /** Time of the last finished round, ms. */
  last_round_ms(): number;
  failing(): string | undefined;
}

export interface PipelineDeps {
  readonly log: LogReader;
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly settle: SettleStep;
  readonly people: PeopleSteps;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Collection requests that were read and not yet answered. */
  readonly waiting_requests: () => number;
}

const SINKS = [EVENTS, DISCARDED, QUARANTINE, RESOLUTIONS] as const;

export function createPipeline(deps: PipelineDeps): Pipeline {
  const { log, online, warehouse, clock, logger } = deps;
  const feed = createPeopleFeed({ ...deps, steps: deps.people });
  const stopping = new AbortController();
  let position: Position = 0;
  let processed = 0;
  let last_round_ms = clock.now_ms();
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  let ahead: Promise<LogRecord[]> | undefined;
  /** Positions that the warehouse held beyond the committed one when we (re)started. */
  let already: ReadonlyMap<string, ReadonlySet<number>> = new Map();

  async function recover(): Promise<void> {
    ahead = undefined;
    position = (await online.get<Position>(POSITION_KEY)) ?? log.start();
    const found = await Promise.all(
      SINKS.map((table) =>
        warehouse.query<{ position: number }>(
          sql`SELECT position FROM ${table} WHERE position >= ${position} AND position < ${IMPORT_BASE}`,
        ),
      ),
    );
    already = new Map(SINKS.map((table, i) => [table.name, new Set(found[i]?.map((row) => row.position))]));
  }

  const insertMissing = async (table: TableRef, lines: readonly PositionedLine[]): Promise<void> => {
    const there = already.get(table.name);
    const missing = there?.size ? lines.filter((row) => !there.has(row.position)) : lines;
    if (missing.length > 0) {
      await warehouse.insert(
        table,
        missing.map((row) => row.line),
      );
    }
  };

  const readFrom = async (from: Position): Promise<LogRecord[]> =>
    parseRecords(await log.read(from, { max_records: BATCH_RECORDS }));

  async function round(): Promise<void> {
    const records = await (ahead ?? readFrom(position));
    ahead = undefined;
    if (records.length === 0) return;
    const { settled, online: changes } = await deps.settle.run(records);
    const next = (records.at(-1)?.position ?? position) + 1;
    // With a backlog, the next batch is read while this one is on its way to disk.
    if (log.end() - next >= BATCH_RECORDS) {
      ahead = readFrom(next);
      ahead.catch(() => undefined);
    }
    await Promise.all([
      insertMissing(EVENTS, settled.events),
      insertMissing(DISCARDED, settled.discarded),
      insertMissing(QUARANTINE, settled.quarantined),
      insertMissing(RESOLUTIONS, settled.resolutions),
    ]);
    await online.commit({ ...changes, put: [...(changes.put ?? []), { key: POSITION_KEY, value: next }] });
    position = next;
    processed += records.length;
    last_round_ms = clock.now_ms();
    await feed.enqueue(settled.stored, next);
  }

  async function turn(): Promise<void> {
    await log.waitPast(position, stopping.signal);
    if (log.end() === position) return;
    if (log.end() - position < BATCH_RECORDS) await pause(LINGER_MS, stopping.signal);
    const began_ms = clock.now_ms();
    await round();
    await restWhileBusy(deps.waiting_requests, clock.now_ms() - began_ms, stopping.signal);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await turn();
        failure = undefined;
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        logger.error({ error: failure, position }, 'a round of the pipeline failed and will run again');
        await pause(RETRY_MS, stopping.signal);
        await recover().catch((again: unknown) =>
          logger.error({ error: String(again) }, 'the pipeline could not recover yet'),
        );
      }
    }
  }

  return {
    async start() {
      await recover();
      await feed.start(position);
      running = loop();
    },
    async stop() {
      stopping.abort();
      await running;
      await feed.stop();
    },
    position: () => position,
    people_last_ms: feed.last_ms,
    nudge: feed.nudge,
    people_position: feed.position,
    processed: () => processed,
    last_round_ms: () => last_round_ms,
    failing: () => failure ?? feed.failing(),
  };
}
