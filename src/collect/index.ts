import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { EventLog } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { type CollectFact, type Collector, createCollector } from './accept/collector.ts';
import { createBotDetector } from './bots/bot-detector.ts';
import { createDriftService } from './drift/drift.service.ts';
import { driftOperations } from './drift/operations.ts';
import { createFateService } from './fate/fate.service.ts';
import { eventOperations } from './fate/operations.ts';
import { createSettleStep, type SettleStep } from './fate/settle.step.ts';
import { createHistoryImport, type HistoryImport } from './history/history-import.service.ts';
import { PERSONAL_FIELDS, PLAIN_FIELDS } from './manifest.ts';
import { quarantineOperations } from './quarantine/operations.ts';
import { createQuarantineService } from './quarantine/quarantine.service.ts';
import { createQuarantineRuns } from './quarantine/quarantine-runs.service.ts';
import { createReconciliationService } from './reconciliation/reconciliation.service.ts';
import { createActivityQuery } from './sources/activity.service.ts';
import { sourceOperations } from './sources/operations.ts';
import { createSourceService, type SourceService } from './sources/sources.service.ts';
import { trackingPlanOperations } from './tracking-plan/operations.ts';
import { createPlanChecker } from './tracking-plan/released-plan-checker.ts';
import { createTrackingPlanService } from './tracking-plan/tracking-plan.service.ts';
import { trackingPlanKind } from './tracking-plan/tracking-plan-kind.ts';
import { createWires } from './wire/create-wires.ts';
import type { Wire } from './wire/wire.ts';

export interface CollectDeps {
  readonly log: EventLog;
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly control: ControlDb;
  readonly definitions: Definitions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dedup_window_ms: number;
  /** Online key under which the pipeline commits its position. */
  readonly position_key: string;
  readonly dry_run: boolean;
  readonly observe: (fact: CollectFact) => void;
  readonly version: string;
  /** Traits that are shown to nobody who may not see contact data: a team marked them as sensitive. */
  readonly hidden_traits: () => ReadonlySet<string>;
  /** Address that clients reach us under, when it is not the one they call. */
  readonly public_url: string | undefined;
}

export interface Collect {
  readonly stage: Stage;
  readonly collector: Collector;
  readonly wires: readonly Wire[];
  readonly sources: SourceService;
  readonly settle: SettleStep;
  readonly history: HistoryImport;
  /** After the migrations, before the first request. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads nothing until `start()`. */
export function createCollect(deps: CollectDeps): Collect {
  const { log, online, warehouse, control, clock, logger, position_key } = deps;
  const sources = createSourceService({ control, clock });
  const collector = createCollector({
    log,
    sources,
    clock,
    logger,
    plan: createPlanChecker(deps.definitions, logger),
    bots: createBotDetector(),
    observe: deps.observe,
    dry_run: deps.dry_run,
  });
  const runs = createQuarantineRuns(control);
  const quarantine = createQuarantineService({
    warehouse,
    log,
    runs,
    reprocess: collector.reprocess,
    clock,
    logger,
  });
  const fates = createFateService({ warehouse, online, log, position_key });
  const reconciliation = createReconciliationService({ warehouse, online, log, clock, position_key });
  const drift = createDriftService({ warehouse, clock });
  const plans = createTrackingPlanService({
    warehouse,
    definitions: deps.definitions,
    sources: () => sources.list(),
    clock,
  });
  const stage: Stage = {
    name: 'collect',
    operations: [
      ...sourceOperations(sources, createActivityQuery({ warehouse, clock })),
      ...trackingPlanOperations(plans, sources, deps.hidden_traits),
      ...driftOperations(drift, sources, deps.hidden_traits),
      ...eventOperations(fates, reconciliation, sources, deps.hidden_traits),
      ...quarantineOperations(quarantine, sources, deps.hidden_traits),
    ],
    jobs: [],
    migrations: migrationFiles('collect', import.meta.url),
    personal_fields: PERSONAL_FIELDS,
    plain_fields: PLAIN_FIELDS,
    definition_kinds: [trackingPlanKind],
  };
  return {
    stage,
    collector,
    sources,
    wires: createWires({
      collector,
      sources,
      clock,
      version: deps.version,
      public_url: deps.public_url,
      accepting: () =>
        log.ping().then(
          () => true,
          () => false,
        ),
    }),
    settle: createSettleStep(online, deps.dedup_window_ms),
    history: createHistoryImport({ warehouse, online, log }),
    async start() {
      await sources.load();
      await runs.interruptRunning();
    },
    stop: () => quarantine.stop(),
  };
}
