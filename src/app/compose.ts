/** Puts the stages, the pipeline and the edges together. The only place that knows all of them. */
import { join } from 'node:path';
import { createAppendImported } from '../collect/accept/emit.service.ts';
import { type Collect, createCollect } from '../collect/index.ts';
import { createGovern, type Govern } from '../govern/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Stage } from '../kernel/stage.ts';
import { sensitiveTraits } from '../profile/contract.ts';
import { createProfile } from '../profile/index.ts';
import { createResolve } from '../resolve/index.ts';
import { createMatching } from '../resolve/matching/index.ts';
import { createSegment, type Segment } from '../segment/index.ts';
import { type Check, createHealthService, type HealthService } from '../views/health/health.service.ts';
import { healthOperations } from '../views/health/operations.ts';
import { createBehindTheLog } from './behind-the-log.ts';
import type { Config } from './config.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { migrate } from './migrate.ts';
import type { People } from './people.ts';
import { type Pipeline, POSITION_KEY } from './pipeline.ts';
import type { Stores } from './stores.ts';

export interface App {
  readonly collect: Collect;
  readonly govern: Govern;
  readonly importPeople: People['importHistory'];
  readonly pipeline: Pipeline;
  readonly health: HealthService;
  readonly checks: readonly Check[];
  readonly metrics: Metrics;
  readonly stages: readonly Stage[];
  readonly operations: readonly Operation[];
  /** Those that run on this thread. */
  readonly jobs: readonly Job[];
  /** After the migrations, before the first request. */
  start(): Promise<void>;
  /** After the last request, before the stores close: ends what is at work in the background, finishes what is in hand. */
  stop(): Promise<void>;
}

/** Everything is created and migrated, nothing runs yet. */
export async function compose(
  config: Config,
  stores: Stores,
  deps: { clock: Clock; logger: Logger; version: string },
): Promise<App> {
  const { clock, logger, version } = deps;
  const { log, online, warehouse, control, engine } = stores;
  const later: Stage[] = [];
  const govern = createGovern({
    control,
    clock,
    logger,
    stages: () => later,
    data_dir: config.data_dir,
    require_approval: config.require_approval,
  });
  const metrics = createMetrics(() => ({
    log_end: () => log.end(),
    pipeline_position: () => pipeline.position(),
    processed: () => pipeline.processed(),
  }));
  const collect = createCollect({
    log,
    online,
    warehouse,
    control,
    clock,
    logger,
    definitions: govern.definitions,
    dedup_window_ms: config.dedup_window_ms,
    position_key: POSITION_KEY,
    dry_run: config.dry_run,
    observe: metrics.observe,
    version,
    hidden_traits: () => sensitiveTraits(govern.definitions),
    public_url: config.public_url,
  });
  // With an engine, its thread has the pipeline and the work on people; here are questions and manifests only.
  const behind =
    engine ??
    createBehindTheLog({
      log,
      online,
      warehouse,
      clock,
      logger,
      definitions: govern.definitions,
      settle: collect.settle,
      waiting_requests: collect.collector.waiting,
    });
  const { pipeline, commands } = behind;
  const shared = {
    warehouse,
    online,
    control,
    clock,
    logger,
    definitions: govern.definitions,
    runs: govern.runs,
  };
  const resolve = createResolve({ ...shared, commands: commands.resolve });
  const matching = createMatching({
    ...shared,
    sql: resolve.sql,
    directory: resolve.directory,
    commands: commands.resolve,
  });
  const profile = createProfile({
    ...shared,
    directory: resolve.directory,
    sql: resolve.sql,
    identifiers: resolve.identifiers,
    append: createAppendImported({ log, clock }),
    import_dir: join(config.data_dir, 'imports'),
    audiences: () => segment.reader,
  });
  const segment: Segment = createSegment({
    ...shared,
    allow: govern.allow,
    reviews: govern.reviews,
    audit: govern.audit,
    directory: resolve.directory,
    sql: resolve.sql,
    profiles: profile.reader,
    traits: profile.traits,
    commands: commands.segment,
    sensitiveFields: () => sensitiveFieldsOf(later),
  });
  engine?.setWaitingRequests(collect.collector.waiting);
  const checks = [...storeChecks(stores), { name: 'segments', essential: false, run: segment.checkUp }];
  const health = createHealthService({
    log,
    checks,
    clock,
    version,
    consumers: [
      { name: 'pipeline', position: pipeline.position, last_ms: pipeline.last_round_ms },
      { name: 'people', position: pipeline.people_position, last_ms: pipeline.people_last_ms },
    ],
    problem: pipeline.failing,
    totals: () => ({ ...metrics.totals(), processed: pipeline.processed() }),
    data_dir: config.data_dir,
  });
  later.push(collect.stage, withParts(resolve.stage, matching), profile.stage, segment.stage);
  const stages = [govern.stage, ...later];
  const done = await migrate(
    stores,
    stages.flatMap((stage) => stage.migrations),
    clock,
  );
  if (done.length > 0) logger.info({ migrations: done.length }, 'migrations applied');
  const operations = [...stages.flatMap((stage) => stage.operations), ...healthOperations(health)];
  return {
    collect,
    govern,
    importPeople: behind.importPeople,
    pipeline,
    health,
    checks,
    metrics,
    stages,
    operations,
    jobs: [...stages.flatMap((stage) => stage.jobs), ...behind.jobs],
    async start() {
      await govern.start();
      await collect.start();
      await engine?.follow(
        govern.definitions,
        later.flatMap((stage) => stage.definition_kinds.map(({ kind }) => kind)),
      );
    },
    async stop() {
      await govern.runs.stop();
      await collect.stop();
      await pipeline.stop();
    },
  };
}

/** Fields that may never be used without somebody's approval. */
const sensitiveFieldsOf = (stages: readonly Stage[]): string[] =>
  stages.flatMap(({ personal_fields }) =>
    personal_fields.flatMap((one) => (one.sensitive ? [one.field] : [])),
  );

/** A stage together with parts that bring operations and declarations of their own. */
const withParts = (stage: Stage, ...parts: readonly Omit<Stage, 'name' | 'migrations'>[]): Stage => ({
  ...stage,
  operations: [stage, ...parts].flatMap((part) => part.operations),
  jobs: [stage, ...parts].flatMap((part) => part.jobs),
  personal_fields: [stage, ...parts].flatMap((part) => part.personal_fields),
  plain_fields: [stage, ...parts].flatMap((part) => part.plain_fields),
  definition_kinds: [stage, ...parts].flatMap((part) => part.definition_kinds),
});

const storeChecks = ({ log, online, control, warehouse }: Stores): Check[] => [
  { name: 'log', essential: true, run: () => log.ping().then(() => 'Commits to disk.') },
  { name: 'control database', essential: true, run: () => control.ping().then(() => 'Answers.') },
  // Without these two events are still taken and kept in the log; they get their fate later.
  { name: 'online store', essential: false, run: () => online.ping().then(() => 'Commits to disk.') },
  { name: 'warehouse', essential: false, run: () => warehouse.ping().then(() => 'Answers.') },
];
