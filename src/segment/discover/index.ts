import type { Definitions, Runs } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Stage } from '../../kernel/stage.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SegmentCommands } from '../contract.ts';
import { discoverJob, partedJob } from './jobs.ts';
import { personalFields, plainFields } from './manifest.ts';
import { discoverOperations } from './operations.ts';
import { createRunStore } from './run-store.service.ts';
import { segmentationKind } from './segmentation.ts';
import type { RunDeps } from './segmentation-run.service.ts';
import { createSegmentations } from './segmentations.service.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly control: ControlDb;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly runs: Runs;
  readonly sql: PersonSql;
  readonly online: OnlineStore;
  readonly directory: PersonDirectory;
  readonly commands: Pick<SegmentCommands, 'assign' | 'assignParted'>;
  /** The run of each segmentation that memberships are of. */
  readonly assignedRuns: () => Promise<ReadonlyMap<string, string>>;
  /** Before the members of segments are written; what comes back is called once they are. */
  readonly withhold: RunDeps['withhold'];
}

/** The part of the stage that finds segments. */
export function createDiscover({
  warehouse,
  online,
  directory,
  control,
  clock,
  logger,
  definitions,
  runs,
  sql,
  commands,
  assignedRuns,
  withhold,
}: Deps): Omit<Stage, 'name' | 'migrations'> {
  const segmentations = createSegmentations({
    warehouse,
    directory,
    clock,
    people: sql,
    runs: createRunStore(control),
    commands,
    assignedRuns,
    withhold,
    definitions,
    background: runs,
  });
  return {
    operations: discoverOperations(segmentations),
    jobs: [discoverJob(segmentations, logger), partedJob(segmentations, { online, logger })],
    personal_fields: personalFields,
    plain_fields: plainFields,
    definition_kinds: [segmentationKind],
  };
}
