import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import type { Turns } from '../kernel/turns.ts';
import type { PersonDirectory, PersonNodeSql } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createProfiles, type Profiles } from './create-profiles.ts';
import { repairJob } from './jobs.ts';
import { sessionOperations } from './operations.ts';
import { personalFields, plainFields } from './personal-fields.ts';
import { createSessions, type Sessions, sessionRulesOf } from './sessions/create-sessions.ts';
import { sessionRulesKind } from './sessions/session-rules.ts';
import { createSessionQueries } from './sessions.service.ts';

/** What runs where the stream runs: the steps behind the log, their repair and their history. */
export interface ProfileWork extends Pick<Profiles, 'step' | 'reader' | 'importHistory'> {
  readonly sessions: Sessions;
  readonly jobs: readonly Job[];
}

interface WorkDeps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
}

export function createProfileWork(deps: WorkDeps): ProfileWork {
  const sessions = createSessions(deps);
  const { step, reader, importHistory, jobs } = createProfiles(deps);
  return { sessions, step, reader, importHistory, jobs: [repairJob(sessions.repair, deps.logger), ...jobs] };
}

export interface Profile {
  readonly stage: Stage;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly definitions: Definitions;
}

/** What can be asked and declared; writes nothing. */
export function createProfile({ warehouse, clock, definitions }: Deps): Profile {
  return {
    stage: {
      name: 'profile',
      operations: sessionOperations(createSessionQueries(warehouse, sessionRulesOf(definitions)), clock),
      jobs: [],
      migrations: migrationFiles('profile', import.meta.url),
      personal_fields: personalFields,
      plain_fields: plainFields,
      definition_kinds: [sessionRulesKind],
    },
  };
}
