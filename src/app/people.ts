/** The work of the stages that keep people, on the thread that owns the stream. */
import type { EmitEvents } from '../collect/contract.ts';
import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import { createTurns, type Turns } from '../kernel/turns.ts';
import { createProfileWork } from '../profile/index.ts';
import { createResolveWork } from '../resolve/index.ts';
import { createSegmentWork } from '../segment/index.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { PeopleCommands } from './people-commands.ts';
import { createPeopleSteps, type PeopleSteps } from './people-steps.ts';

export interface PeopleDeps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly emit: EmitEvents;
}

export interface People {
  readonly steps: PeopleSteps;
  readonly turns: Turns;
  readonly commands: PeopleCommands;
  readonly jobs: readonly Job[];
  /** Makes people of events that were written in bulk; call it once they are in `events`. Safe to run again. */
  importHistory(from: Date, to: Date): Promise<void>;
}

export function createPeople(deps: PeopleDeps): People {
  const turns = createTurns();
  const resolve = createResolveWork({ ...deps, turns });
  const { directory, sql } = resolve;
  const profile = createProfileWork({ ...deps, turns, directory, sql });
  const segment = createSegmentWork({
    ...deps,
    turns,
    directory,
    sql,
    reader: profile.reader,
    traits: profile.traits,
  });
  const steps = createPeopleSteps(resolve.step, [profile.step, profile.sessions.follow, segment.step]);
  return {
    steps,
    turns,
    commands: { resolve: resolve.commands, segment: segment.commands },
    jobs: [...resolve.jobs, ...profile.jobs, ...segment.jobs],
    async importHistory(from, to) {
      await resolve.importHistory({ from, to });
      await profile.importHistory({ from, to });
      await profile.sessions.importHistory(from, to);
      await segment.importHistory({ from, to });
    },
  };
}
