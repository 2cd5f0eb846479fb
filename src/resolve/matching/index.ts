import type { Definitions, Runs } from '../../govern/contract.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Job } from '../../kernel/job.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Stage } from '../../kernel/stage.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { PersonDirectory, PersonSql, ResolveCommands } from '../contract.ts';
import { createLists } from './lists.service.ts';
import { PERSONAL_FIELDS, PLAIN_FIELDS } from './manifest.ts';
import { matchingRulesKind } from './matching-rules-kind.ts';
import { matchingOperations } from './operations.ts';
import { createProposals } from './proposals.service.ts';
import { createMatchRuns } from './runs.service.ts';

export interface MatchingDeps {
  readonly warehouse: Warehouse;
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly runs: Runs;
  readonly sql: PersonSql;
  readonly directory: PersonDirectory;
  readonly commands: ResolveCommands;
}

/** Probabilistic matching: a part of resolve, with migrations among those of the stage (010-matching). */
export type Matching = Pick<
  Stage,
  'operations' | 'jobs' | 'personal_fields' | 'plain_fields' | 'definition_kinds'
>;

export function createMatching(deps: MatchingDeps): Matching {
  const { warehouse, control, clock, commands, directory, logger } = deps;
  const lists = createLists({ warehouse, control, clock });
  const runs = createMatchRuns({ ...deps, person: deps.sql, lists });
  const proposals = createProposals({ warehouse, clock, commands, person: deps.sql, directory, runs });
  const cleanUp: Job = {
    name: 'resolve.clean-up-matching',
    // The first time right after a start: what a crash left is people's data that nobody waits for.
    every_ms: 10 * SECOND_MS,
    async run() {
      const dropped = await runs.cleanUp();
      if (dropped > 0) logger.info({ tables: dropped }, 'work tables of a cut-off matching run dropped');
    },
  };
  return {
    operations: matchingOperations({ lists: lists.services, runs: runs.services, proposals }),
    jobs: [cleanUp],
    personal_fields: PERSONAL_FIELDS,
    plain_fields: PLAIN_FIELDS,
    definition_kinds: [matchingRulesKind],
  };
}
