/** The thread behind the log, as the rest of the program sees it. */
import { Worker } from 'node:worker_threads';
import type { Definitions } from '../govern/contract.ts';
import { AppError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { EventLog } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { BehindTheLog } from './behind-the-log.ts';
import type { Config } from './config.ts';
import type { EngineData, ReleasedSnapshot } from './engine.thread.ts';
import { remoteCommands } from './people-commands.ts';
import { newMarksBuffer, sharedMarks } from './shared-marks.ts';
import { createLink } from './thread-link.ts';
import { logTargets, remoteOnlineStore, remoteWarehouse } from './thread-ports.ts';

export interface Engine extends BehindTheLog {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  /** The log, which tells the other thread of every append. */
  readonly log: EventLog;
  /** Call before `pipeline.start()`: the thread follows the releases from then on. */
  follow(definitions: Definitions, kinds: readonly string[]): Promise<void>;
  /** Where the collector says how many requests wait. */
  readonly setWaitingRequests: (count: () => number) => void;
  close(): Promise<void>;
}

const ASK_MS = 1_000;
const TELL_MS = 150;

/** Rejects with what the thread's stores refused. When the thread dies later, the process ends: nothing is lost. */
export async function openEngine(config: Config, own_log: EventLog, logger: Logger): Promise<Engine> {
  const buffer = newMarksBuffer();
  const marks = sharedMarks(buffer);
  const mark = () => {
    marks.set('log_end', own_log.end());
    marks.set('log_start', own_log.start());
  };
  mark();
  const data: EngineData = { config, marks: buffer };
  const worker = new Worker(new URL('./engine.thread.ts', import.meta.url), { workerData: data });
  const ready = Promise.withResolvers<void>();
  const link = createLink(worker, {
    ...logTargets(own_log, (lines) => log.append(lines)),
    ready: { ready: () => ready.resolve() },
  });
  let closing: Promise<void> | undefined;
  let waitingRequests = () => 0;
  let problem: string | undefined;

  const dead = (error: Error): void => {
    link.end(error);
    ready.reject(error);
    if (closing !== undefined) return;
    logger.error({ error: error.message }, 'the thread behind the log ended');
  };
  worker.on('error', dead);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  void exited.then(() =>
    dead(new AppError('store_unavailable', { message: 'The thread behind the log has ended.' })),
  );
  await ready.promise;
  void exited.then(() => {
    if (closing === undefined) process.exit(1);
  });

  // Requests gather while a commit is under way and are gone right after it: the most in a while is what counts.
  let peak = 0;
  const telling = setInterval(() => {
    marks.set('waiting_requests', peak);
    peak = waitingRequests();
  }, TELL_MS);
  const asking = setInterval(() => {
    link.call<string | undefined>('engine', 'failing').then((found) => {
      problem = found;
    }, ignoreAfterEnd);
  }, ASK_MS);

  const close = async (): Promise<void> => {
    clearInterval(asking);
    clearInterval(telling);
    await link.call('engine', 'close');
    await exited;
  };
  const closeOnce = (): Promise<void> => (closing ??= close());

  const log: EventLog = {
    ...own_log,
    async append(lines) {
      peak = Math.max(peak, waitingRequests());
      const position = await own_log.append(lines);
      mark();
      return position;
    },
    async trim(before) {
      await own_log.trim(before);
      mark();
    },
  };

  return {
    log,
    warehouse: remoteWarehouse(link, closeOnce),
    online: remoteOnlineStore(link, closeOnce),
    pipeline: {
      start: () => link.call('engine', 'start'),
      stop: () => link.call('engine', 'stop'),
      position: marks.position,
      people_position: marks.people_position,
      processed: marks.processed,
      last_round_ms: marks.last_round_ms,
      people_last_ms: marks.people_last_ms,
      nudge: () => void link.call('engine', 'nudge').catch(ignoreAfterEnd),
      failing: () => problem,
    },
    jobs: [],
    commands: remoteCommands(link),
    importPeople: (from, to) => link.call('engine', 'importPeople', from, to),
    async follow(definitions, kinds) {
      const tell = () => {
        const current = kinds.flatMap((kind) => definitions.current(kind));
        const snapshot: ReleasedSnapshot = { release: definitions.release(), definitions: current };
        return link.call<void>('engine', 'setReleased', snapshot);
      };
      definitions.onRelease(() => void tell());
      await tell();
    },
    setWaitingRequests: (count) => {
      waitingRequests = count;
    },
    close: closeOnce,
  };
}

/** A question that the end of the thread overtook. */
const ignoreAfterEnd = (): void => {};
