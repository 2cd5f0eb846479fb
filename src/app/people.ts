/** The work of the stages that keep people, on the thread that owns the stream. */
import type { EmitEvents } from '../collect/contract.ts';
import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import { key64, type PersonId } from '../kernel/ids.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import { sql } from '../kernel/sql.ts';
import { createTurns, type Turns } from '../kernel/turns.ts';
import { createProfileWork } from '../profile/index.ts';
import type { NodeId } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createPeopleSteps, type PeopleSteps, type ResolvingStep } from './people-steps.ts';

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
  readonly jobs: readonly Job[];
  /** Makes people of events that were written in bulk; call it once they are in `events`. Safe to run again. */
  importHistory(from: Date, to: Date): Promise<void>;
}

export function createPeople({ warehouse, online, clock, logger, definitions }: PeopleDeps): People {
  const turns = createTurns();
  const people = {
    join: sql``,
    person: sql`node`,
    moved: sql`SELECT toUInt64(0) AS node, toUInt64(0) AS person WHERE false`,
  };
  const nothing = { rows: [], online: {} };
  const resolve: ResolvingStep = {
    add: async (records) => ({
      events: records.map(({ position, event }) => {
        const key = key64(
          event.user_id !== '' ? `user_id:${event.user_id}` : `anonymous_id:${event.anonymous_id}`,
        );
        return { position, event, node: key as NodeId, person: key as PersonId };
      }),
      moves: [],
    }),
    take: async () => nothing,
    committed: () => {},
    reset: () => {},
  };
  const idle = { add: async () => {}, take: async () => nothing, committed: () => {}, reset: () => {} };
  const profile = createProfileWork({ warehouse, online, clock, logger, definitions, turns, sql: people });
  return {
    steps: createPeopleSteps({ resolve, profile: idle, sessions: profile.sessions.step, segment: idle }),
    turns,
    jobs: profile.jobs,
    async importHistory(from, to) {
      await profile.sessions.importHistory(from, to);
    },
  };
}
