import type { Definitions, Runs } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import type { Turns } from '../kernel/turns.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createCommands } from './commands.service.ts';
import type { IdentifierRules, PersonDirectory, PersonNodeSql, ResolveCommands } from './contract.ts';
import { createDirectory, graphReader, storedReader } from './directory.service.ts';
import { createIdentityGraph } from './graph/identity-graph.ts';
import { createHistoryImport } from './history.service.ts';
import { createIdentityQueries } from './identity/identity-queries.service.ts';
import { identityOperations } from './identity/operations.ts';
import { createPreview } from './identity/preview.service.ts';
import { createIdentityWork } from './identity-work.service.ts';
import { rederiveJob } from './jobs.ts';
import { personalFields, plainFields } from './manifest.ts';
import { personSql } from './person.sql.ts';
import { createResolveStep, type ResolveStep } from './resolve.step.ts';
import { releasedRules } from './rules/compile-rules.ts';
import { identifierRules } from './rules/identifier-rules.ts';
import { identityRulesKind } from './rules/identity-rules-kind.ts';

export interface ResolveWork {
  readonly step: ResolveStep;
  /** Sees what was resolved, committed or not. */
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  readonly commands: ResolveCommands;
  readonly jobs: readonly Job[];
  /** Who is who in events that were written in bulk; before the later stages' imports. Holds the turn. */
  importHistory(range: { readonly from: Date; readonly to: Date }): Promise<void>;
}

/** The part on the thread that owns the stream. */
export function createResolveWork(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly turns: Turns;
}): ResolveWork {
  const rules = releasedRules(deps.definitions);
  const graph = createIdentityGraph({ online: deps.online, rules });
  const work = createIdentityWork({ ...deps, graph });
  const history = createHistoryImport({ ...deps, work, rules });
  return {
    step: createResolveStep({ work, rules }),
    directory: createDirectory(graphReader(graph), rules),
    sql: personSql,
    commands: createCommands({ ...deps, work, rules }),
    jobs: [rederiveJob({ ...deps, work, rules, history })],
    importHistory: ({ from, to }) => history.run({ from_ms: from.getTime(), to_ms: to.getTime() }, 'new'),
  };
}

export interface Resolve {
  readonly stage: Stage;
  /** Sees what is committed. */
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
  readonly identifiers: IdentifierRules;
}

/** The part that answers questions. */
export function createResolve(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly definitions: Definitions;
  readonly runs: Runs;
  /** Of `createResolveWork`, or a stand-in that calls it on its thread. */
  readonly commands: ResolveCommands;
}): Resolve {
  const rules = releasedRules(deps.definitions);
  const read = storedReader(deps.online);
  const queries = createIdentityQueries({ ...deps, read, rules });
  const preview = createPreview({ ...deps, rules });
  const stage: Stage = {
    name: 'resolve',
    operations: identityOperations({ queries, preview, commands: deps.commands }),
    jobs: [],
    migrations: migrationFiles('resolve', import.meta.url),
    personal_fields: personalFields,
    plain_fields: plainFields,
    definition_kinds: [identityRulesKind],
  };
  return {
    stage,
    directory: createDirectory(read, rules),
    sql: personSql,
    identifiers: identifierRules(rules),
  };
}
