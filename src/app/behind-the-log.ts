/** What consumes the log: the pipeline and the work on people. On a thread of its own in production, in one with the rest in tests. */
import { createEmit } from '../collect/accept/emit.service.ts';
import type { SettleStep } from '../collect/fate/settle.step.ts';
import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createPeople, type People } from './people.ts';
import { nudging, type PeopleCommands } from './people-commands.ts';
import { createPipeline, type Pipeline } from './pipeline.ts';
import type { ConsumerLog } from './thread-ports.ts';

/** The same from either side of a thread. */
export interface BehindTheLog {
  readonly pipeline: Pipeline;
  readonly importPeople: People['importHistory'];
  readonly commands: PeopleCommands;
  /** Those that the holder of this must run: none when they run elsewhere. */
  readonly jobs: readonly Job[];
}

export function createBehindTheLog(deps: {
  readonly log: ConsumerLog;
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly settle: SettleStep;
  /** Collection requests that were read and not yet answered. */
  readonly waiting_requests: () => number;
}): BehindTheLog {
  const people = createPeople({ ...deps, emit: createEmit(deps) });
  const pipeline = createPipeline({ ...deps, people: people.steps, turns: people.turns });
  return {
    pipeline,
    importPeople: people.importHistory,
    commands: nudging(people.commands, pipeline.nudge),
    jobs: people.jobs,
  };
}
