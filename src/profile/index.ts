import type { AppendImported } from '../collect/contract.ts';
import type { Definitions, Runs } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import type { Turns } from '../kernel/turns.ts';
import type { IdentifierRules, PersonDirectory, PersonNodeSql } from '../resolve/contract.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { currentTraits } from './computed/compile.ts';
import { computedTraitKind } from './computed/computed-trait-kind.ts';
import { traitOperations } from './computed/operations.ts';
import { createTraitCatalogue } from './computed/trait-catalogue.service.ts';
import type { ProfileReader, TraitSql } from './contract.ts';
import { createProfileReader, createProfiles, type Profiles } from './create-profiles.ts';
import { createGroupsService } from './groups/groups.service.ts';
import { groupOperations } from './groups/operations.ts';
import { createImportService } from './import/import.service.ts';
import { importOperations } from './import/operations.ts';
import { repairJob } from './jobs.ts';
import { sessionOperations } from './operations.ts';
import { peopleOperations } from './people/operations.ts';
import { type AudienceReader, createPeopleService } from './people/people.service.ts';
import { traitSettingsKind } from './people/trait-settings.ts';
import { personalFields, plainFields } from './personal-fields.ts';
import { createSessions, type Sessions, sessionRulesOf } from './sessions/create-sessions.ts';
import { sessionRulesKind } from './sessions/session-rules.ts';
import { createSessionQueries } from './sessions.service.ts';
import { createTraitSql } from './trait-sql.service.ts';

/** What runs where the stream runs: the steps behind the log, their repair and their history. */
export interface ProfileWork extends Omit<Profiles, 'jobs'> {
  readonly sessions: Sessions;
  /** Traits in SQL, for the stages that follow. */
  readonly traits: TraitSql;
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
  const profiles = createProfiles(deps);
  return {
    ...profiles,
    sessions,
    traits: createTraitSql({ ...deps, computed: currentTraits(deps.definitions) }),
    jobs: [repairJob(sessions.repair, deps.logger), ...profiles.jobs],
  };
}

export interface Profile {
  readonly stage: Stage;
  /** Sees what is committed. */
  readonly reader: ProfileReader;
  readonly traits: TraitSql;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly runs: Runs;
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  /** What a column of an import may hold as an identifier. */
  readonly identifiers: IdentifierRules;
  /** Appends imported events to the log, from the source `import`. */
  readonly append: AppendImported;
  /** Folder for files to import: those sent in pieces, and those that an operator puts there. */
  readonly import_dir: string;
  /** Asked when a profile is shown; made by a later stage, so handed in as a function. */
  readonly audiences?: () => AudienceReader | undefined;
}

/** What can be asked and declared; writes no state of people. */
export function createProfile(deps: Deps): Profile {
  const { warehouse, clock, definitions } = deps;
  const computed = currentTraits(definitions);
  const reader = createProfileReader(deps);
  const traits = createTraitSql({ ...deps, computed });
  const sessions = createSessionQueries(warehouse, sessionRulesOf(definitions));
  const groups = createGroupsService({ ...deps, reader });
  const people = createPeopleService({ ...deps, reader, computed, sessions, groups });
  const catalogue = createTraitCatalogue({ ...deps, traits, computed });
  const imports = createImportService(deps);
  return {
    stage: {
      name: 'profile',
      operations: [
        ...sessionOperations(sessions, clock),
        ...peopleOperations(people),
        ...groupOperations(groups),
        ...traitOperations(catalogue),
        ...importOperations(imports),
      ],
      jobs: [],
      migrations: migrationFiles('profile', import.meta.url),
      personal_fields: personalFields,
      plain_fields: plainFields,
      definition_kinds: [sessionRulesKind, computedTraitKind, traitSettingsKind],
    },
    reader,
    traits,
  };
}
