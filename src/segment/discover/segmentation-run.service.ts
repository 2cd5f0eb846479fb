/** One run of a segmentation: features, fit, everybody placed, names kept, memberships replaced. */
import type { RunHandle } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { AssignResult, SegmentCommands } from '../contract.ts';
import { usedFindings } from '../validate/judge-sensitivity.ts';
import { namesIn } from '../validate/sensitive-names.ts';
import { describeRun, pictureWith } from './describe-run.service.ts';
import type { Window } from './event-reading.sql.ts';
import * as store from './feature-store.sql.ts';
import { describedFeatures, featureWords } from './feature-words.ts';
import { featureRows } from './features.sql.ts';
import type { FitResult } from './fit.ts';
import { startFitWorker } from './fit-worker.ts';
import type { Model, Row } from './model.ts';
import { placeEverybody } from './place.service.ts';
import { rfmGrid } from './rfm.sql.ts';
import { cutsAbove } from './rfm.ts';
import type { RfmSettings } from './rfm-settings.ts';
import type { RunResult, RunStore } from './run-store.service.ts';
import { fingerprintOf, type Segmentation } from './segmentation.ts';

/** Fewer people are no basis for a division. */
const LEAST_PEOPLE = 20;
const DRIFT_BINS = 10;

export interface RunOrder {
  readonly name: string;
  readonly body: Segmentation;
  readonly version: number;
  readonly release: number;
  readonly trigger: RunResult['trigger'];
}
export interface RunDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly people: PersonSql;
  readonly runs: RunStore;
  /** Puts people into segments, on the thread that keeps memberships. */
  readonly commands: Pick<SegmentCommands, 'assign'>;
  /** From now on these segments are not given out; what comes back is called once their members are written. */
  readonly withhold: (segments: readonly string[]) => Promise<() => void>;
}

export const windowOf = (body: Pick<Segmentation, 'window_days'>, now_ms: number): Window => ({
  from: new Date(now_ms - body.window_days * DAY_MS).toISOString(),
  to: new Date(now_ms).toISOString(),
});

/**
 * Resolved once the memberships are written. A run that fails or is cancelled leaves the segments of the run before; one
 * that was saved stands, and its memberships are written to the end (`assignStanding`), whatever cuts them off.
 */
export async function runSegmentation(order: RunOrder, deps: RunDeps, handle: RunHandle): Promise<RunResult> {
  const key: store.RunKey = { segmentation: order.name, run: newId('run') };
  const forget = async (statements: readonly Sql[]) => {
    for (const statement of statements) await deps.warehouse.execute(statement);
  };
  let run: RunResult;
  try {
    run = await runWithin(key, order, deps, handle);
  } catch (error) {
    await forget(store.forgetRun(key));
    throw error;
  }
  if (run.clusters.length === 0) await forget(store.forgetRun(key));
  else {
    await assignStanding(order.name, deps);
    await forget(store.forgetOthers(order.name, key.run));
  }
  return run;
}

/** Puts people into the segments of the newest run that found some. Safe to do again. */
export async function assignStanding(
  name: string,
  { runs, commands, withhold }: RunDeps,
): Promise<AssignResult | undefined> {
  const standing = await runs.standing(name);
  if (standing === undefined) return undefined;
  const { run, kept } = standing;
  const written = await withhold(run.clusters.map(({ segment }) => segment));
  try {
    return await commands.assign({
      segmentation: name,
      run: run.id,
      version: run.definition_version,
      fingerprint: kept.fingerprint ?? '',
      segments: run.clusters.map(({ key, segment, title }) => ({
        name: segment,
        label: title,
        cluster: kept.keys.indexOf(key),
      })),
    });
  } finally {
    written();
  }
}

async function runWithin(
  key: store.RunKey,
  order: RunOrder,
  deps: RunDeps,
  handle: RunHandle,
): Promise<RunResult> {
  const { warehouse, clock, runs } = deps;
  const { body } = order;
  const window = windowOf(body, clock.now_ms());
  const features = describedFeatures(body).length;
  const step = (share: number, what: string): void => {
    handle.signal.throwIfAborted();
    handle.progress(share, what);
  };
  step(0.02, 'reading what people did');
  await warehouse.execute(store.insertFeatures(key, featureRows(body, window, deps.people)));
  const [everybody] = await warehouse.query<store.StatisticsRow>(store.statisticsOf(key, features));
  if (everybody === undefined || everybody.people < LEAST_PEOPLE) throw tooFew(everybody?.people ?? 0, body);
  const fit = await fitted(key, body, warehouse, handle.signal, (share, what) =>
    step(0.1 + 0.6 * share, what),
  );
  const grid = await gridOf(key, fit.model, warehouse);
  const facts = { ...factsOf(key, order, { window, everybody, fit, at_ms: clock.now_ms() }), grid };
  // RFM has no candidates: its segments are there by definition.
  if (fit.candidates.length > 0 && !fit.candidates.some((c) => c.chosen)) {
    const warnings = [
      ...fit.warnings,
      'Nobody was assigned; the segments of the run before stay as they are.',
    ];
    const run: RunResult = { ...facts, clusters: [], unassigned: everybody.people, picture: null, warnings };
    await runs.save(run, undefined);
    return run;
  }
  step(0.7, 'placing everybody');
  await placeEverybody(key, fit.model, { warehouse, signal: handle.signal });
  step(0.85, 'describing the clusters');
  const before = await runs.standing(order.name);
  const rows = await warehouse.query<store.StatisticsRow>(store.statisticsByCluster(key, features));
  const used = await runs.usedKeys(order.name);
  const described = { key, body, fit, rows, everybody, before, used, warehouse };
  const { clusters, keys } = await describeRun(described);
  const bins = await driftBins(key, features, everybody, warehouse);
  step(0.9, 'writing who is in which segment');
  const run: RunResult = {
    ...facts,
    clusters,
    unassigned: rows.find((row) => row.cluster < 0)?.people ?? 0,
    picture: fit.picture === null ? null : pictureWith(fit.picture, keys),
    warnings: [
      ...fit.warnings,
      ...usedFindings(namesIn(body), []).map(({ reason }) => `Using these segments ${reason}`),
    ],
  };
  const names = facts.features.map((f) => f.name);
  await runs.save(run, { model: fit.model, fingerprint: fingerprintOf(body), keys, names, bins });
  return run;
}

/** What a segmentation that is no longer released knew of people goes; its segments are closed where memberships are kept. */
export async function retireSegmentation(name: string, { warehouse, runs }: RunDeps): Promise<void> {
  for (const statement of store.forgetOthers(name, '')) await warehouse.execute(statement);
  await runs.retire(name);
}

interface Found {
  readonly window: Window;
  readonly everybody: store.StatisticsRow;
  readonly fit: Fit;
  readonly at_ms: number;
}

/** What a result says whether or not clusters were found. */
function factsOf(
  key: store.RunKey,
  { body, version, release, trigger }: RunOrder,
  { window, everybody, fit, at_ms }: Found,
) {
  return {
    id: key.run,
    segmentation: key.segmentation,
    definition_version: version,
    release,
    method: body.method,
    seed: body.method === 'rfm' ? 0 : body.seed,
    at: new Date(at_ms).toISOString(),
    window,
    people: everybody.people,
    sampled: fit.sampled,
    trigger,
    candidates: fit.candidates,
    features: describedFeatures(body).map((feature, i) => ({
      name: feature.name,
      mean: everybody.means[i] ?? 0,
      sd: everybody.sds[i] ?? 0,
      missing_share: (everybody.missing[i] ?? 0) / everybody.people,
      words: featureWords(body, i),
    })),
    rfm: fit.model.method === 'rfm' ? fit.model.cuts : null,
  };
}

type Fit = Omit<FitResult, 'picture'> & {
  readonly picture: FitResult['picture'] | null;
  readonly sampled: number;
};

async function fitted(
  key: store.RunKey,
  body: Segmentation,
  warehouse: Warehouse,
  signal: AbortSignal,
  progress: (share: number, what: string) => void,
): Promise<Fit> {
  if (body.method === 'rfm') {
    const cuts = await rfmCuts(key, body.rfm, warehouse);
    const model: Model = { method: 'rfm', cuts, segments: body.rfm.segments };
    return { model, candidates: [], stability: [], silhouettes: [], picture: null, sampled: 0, warnings: [] };
  }
  const rows = (await warehouse.query<{ values: Row }>(store.sampleOf(key, body.sample, body.seed))).map(
    (r) => r.values,
  );
  const worker = startFitWorker(signal);
  try {
    return { ...(await worker.fit(rows, body, progress)), sampled: rows.length };
  } finally {
    await worker.close();
  }
}

const gridOf = async (key: store.RunKey, model: Model, warehouse: Warehouse): Promise<RunResult['grid']> =>
  model.method === 'rfm' ? warehouse.query(rfmGrid(store.featuresOf(key), model.cuts)) : null;

async function rfmCuts(key: store.RunKey, { bins }: RfmSettings, warehouse: Warehouse) {
  if (typeof bins !== 'number') {
    // Released before cuts had to rise.
    const rising = (cuts: readonly number[]) => [...new Set(cuts)].sort((a, b) => a - b);
    return {
      recency: rising(bins.recency),
      frequency: rising(bins.frequency),
      monetary: rising(bins.monetary),
    };
  }
  const [row] = await warehouse.query<{ cuts: number[][] }>(store.quantilesOf(key, 3, bins));
  const [recency, frequency, monetary] = (row?.cuts ?? []).map(cutsAbove);
  return { recency: recency ?? [], frequency: frequency ?? [], monetary: monetary ?? [] };
}

async function driftBins(
  key: store.RunKey,
  features: number,
  everybody: store.StatisticsRow,
  warehouse: Warehouse,
) {
  const [row] = await warehouse.query<{ cuts: (number | null)[][] }>(
    store.quantilesOf(key, features, DRIFT_BINS),
  );
  const cuts = (row?.cuts ?? []).map((of) => [...new Set(of.filter((cut) => cut !== null))]);
  const people = await binCounts(key, cuts, warehouse);
  return cuts.map((of, i) => ({ cuts: of, people: people[i] ?? [], mean: everybody.means[i] ?? 0 }));
}

/** Of each feature: people in each of its bins, the last one for no value. */
export async function binCounts(
  key: store.RunKey,
  cuts: readonly (readonly number[])[],
  warehouse: Warehouse,
): Promise<number[][]> {
  const people = cuts.map((of) => new Array<number>(of.length + 2).fill(0));
  const rows = await warehouse.query<{ feature: number; bin: number; people: number }>(
    store.binsOf(key, cuts),
  );
  for (const row of rows) (people[row.feature - 1] as number[])[row.bin] = row.people;
  return people;
}

function tooFew(people: number, body: Segmentation): AppError {
  const whose = body.method === 'rfm' ? `with \`${body.rfm.order_event}\`` : 'of the population';
  return new AppError('not_ready', {
    message: `Only ${people} people ${whose} in the last ${body.window_days} days: a segmentation needs ${LEAST_PEOPLE} at least. Widen the window or wait for events.`,
    rule: 'least_people',
    limit: LEAST_PEOPLE,
  });
}
