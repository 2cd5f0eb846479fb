/**
 * The thread behind the log: it owns the warehouse and the online store and runs the pipeline, so that accepting has a
 * thread of its own and neither waits for the other.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createSettleStep } from '../collect/fate/settle.step.ts';
import type { Definitions, ReleasedDefinition } from '../govern/contract.ts';
import { systemClock } from '../kernel/clock.ts';
import { assert } from '../kernel/errors.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import { createBehindTheLog } from './behind-the-log.ts';
import type { Config } from './config.ts';
import { createJobRunner } from './jobs.ts';
import { createLogger } from './log-output.ts';
import { commandTargets } from './people-commands.ts';
import { sharedMarks } from './shared-marks.ts';
import { createLink } from './thread-link.ts';
import { remoteLog, storeTargets } from './thread-ports.ts';

export interface EngineData {
  readonly config: Config;
  readonly marks: SharedArrayBuffer;
}

export interface ReleasedSnapshot {
  readonly release: number;
  readonly definitions: readonly ReleasedDefinition[];
}

const TELL_MS = 20;

assert(parentPort !== null, 'runs as a thread');
const port = parentPort;
const { config, marks: buffer } = workerData as EngineData;
const clock = systemClock;
const logger = createLogger(config.log_level);
const marks = sharedMarks(buffer);

const warehouse = await openWarehouse(config.warehouse_url, { logger });
const online = await openOnlineStore(config.online_url, { clock, logger }).catch(async (error: unknown) => {
  await warehouse.close();
  throw error;
});

const listeners: (() => void)[] = [];
let released: ReleasedSnapshot = { release: 0, definitions: [] };
const definitions: Definitions = {
  current: (kind) => released.definitions.filter((definition) => definition.kind === kind),
  release: () => released.release,
  onRelease: (listener) => void listeners.push(listener),
};

const link = createLink(port, {
  ...storeTargets(warehouse, online),
  ...commandTargets(() => commands),
  engine: {
    nudge: () => pipeline.nudge(),
    start: () => pipeline.start().then(jobs.start),
    failing: () => pipeline.failing(),
    importPeople: (from: Date, to: Date) => importPeople(from, to),
    setReleased: (snapshot: ReleasedSnapshot) => {
      released = snapshot;
      for (const listener of listeners) listener();
    },
    stop,
    async close() {
      // A start that failed halfway comes here without a stop.
      await stop();
      clearInterval(telling);
      await online.close();
      await warehouse.close();
      // After the answer to this call is on its way.
      setImmediate(() => port.close());
    },
  },
});

const log = remoteLog(link, { end: marks.log_end, start: marks.log_start });
const {
  pipeline,
  importPeople,
  commands,
  jobs: own_jobs,
} = createBehindTheLog({
  log,
  online,
  warehouse,
  clock,
  logger,
  definitions,
  settle: createSettleStep(online, config.dedup_window_ms),
  waiting_requests: marks.waiting_requests,
});
const jobs = createJobRunner(own_jobs, logger);

async function stop(): Promise<void> {
  await jobs.stop();
  await pipeline.stop();
  tell();
}

function tell(): void {
  marks.set('position', pipeline.position());
  marks.set('people_position', pipeline.people_position());
  marks.set('processed', pipeline.processed());
  marks.set('last_round_ms', pipeline.last_round_ms());
  marks.set('people_last_ms', pipeline.people_last_ms());
}
const telling = setInterval(tell, TELL_MS);
void link.call('ready', 'ready');
