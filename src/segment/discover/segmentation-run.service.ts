/** One run of a segmentation: features, fit, everybody placed, names kept, memberships replaced. */
import type { RunHandle } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { MembershipWriter } from '../membership-writer.service.ts';
import { keepNames, type NamedCluster, slug } from './cluster-names.ts';
import { summaryOf, titlesOf, traitsOf } from './describe-clusters.ts';
import type { Window } from './event-reading.sql.ts';
import * as store from './feature-store.sql.ts';
import { describedFeatures, featureWords } from './feature-words.ts';
import { featureRows } from './features.sql.ts';
import type { FitResult } from './fit.ts';
import { startFitWorker } from './fit-worker.ts';
import type { Model, Row } from './model.ts';
import { placeEverybody } from './place.service.ts';
import { cutsAbove, rfmNames } from './rfm.ts';
import type { RfmSettings } from './rfm-settings.ts';
import type { KeptModel, RunResult, RunStore } from './run-store.service.ts';
import type { Segmentation } from './segmentation.ts';

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
  readonly members: MembershipWriter;
}

export const windowOf = (body: Pick<Segmentation, 'window_days'>, now_ms: number): Window => ({
  from: new Date(now_ms - body.window_days * DAY_MS).toISOString(),
  to: new Date(now_ms).toISOString(),
});

/** Resolved once the memberships are written. A run that fails or is cancelled leaves the segments of the run before. */
export async function runSegmentation(order: RunOrder, deps: RunDeps, handle: RunHandle): Promise<RunResult> {
  const key: store.RunKey = { segmentation: order.name, run: newId('run') };
  try {
    return await runWithin(key, order, deps, handle);
  } catch (error) {
    for (const statement of store.forgetRun(key)) await deps.warehouse.execute(statement);
    throw error;
  }
}

async function runWithin(
  key: store.RunKey,
  order: RunOrder,
  deps: RunDeps,
  handle: RunHandle,
): Promise<RunResult> {
  const { warehouse, clock, people, runs, members } = deps;
  const { body, name } = order;
  const window = windowOf(body, clock.now_ms());
  const features = describedFeatures(body);
  const step = (share: number, what: string): void => {
    handle.signal.throwIfAborted();
    handle.progress(share, what);
  };
  step(0.02, 'reading what people did');
  await warehouse.execute(store.insertFeatures(key, featureRows(body, window, people)));
  const [everybody] = await warehouse.query<store.StatisticsRow>(store.statisticsOf(key, features.length));
  if (everybody === undefined || everybody.people < LEAST_PEOPLE) throw tooFew(everybody?.people ?? 0, body);

  const fit = await fitted(key, body, warehouse, handle.signal, (share, what) =>
    step(0.1 + 0.6 * share, what),
  );
  const found = fit.candidates.length === 0 || fit.candidates.some((c) => c.chosen);
  const run_base = {
    id: key.run,
    segmentation: name,
    definition_version: order.version,
    release: order.release,
    method: body.method,
    seed: body.method === 'rfm' ? 0 : body.seed,
    at: new Date(clock.now_ms()).toISOString(),
    window,
    people: everybody.people,
    sampled: fit.sampled,
    trigger: order.trigger,
    candidates: [...fit.candidates],
    features: features.map((feature, i) => ({
      name: feature.name,
      mean: everybody.means[i] ?? 0,
      sd: everybody.sds[i] ?? 0,
      missing_share: (everybody.missing[i] ?? 0) / everybody.people,
      words: featureWords(body, i),
    })),
    rfm: fit.model.method === 'rfm' ? mutable(fit.model.cuts) : null,
  };
  if (!found) {
    const warnings = [
      ...fit.warnings,
      'Nobody was assigned; the segments of the run before stay as they are.',
    ];
    const run: RunResult = {
      ...run_base,
      clusters: [],
      unassigned: everybody.people,
      picture: null,
      warnings,
    };
    await runs.save(run, undefined);
    for (const statement of store.forgetRun(key)) await warehouse.execute(statement);
    return run;
  }
  step(0.7, 'placing everybody');
  await placeEverybody(key, fit.model, { warehouse, signal: handle.signal });
  step(0.85, 'describing the clusters');
  const before = await runs.standing(name);
  const rows = await warehouse.query<store.StatisticsRow>(store.statisticsByCluster(key, features.length));
  const { clusters, kept_keys } = await described({ key, order, fit, rows, everybody, before, warehouse });
  step(0.9, 'writing who is in which segment');
  const ended = (before?.run.clusters ?? [])
    .map((c) => c.segment)
    .filter((s) => clusters.every((c) => c.segment !== s));
  for (const cluster of clusters) {
    await members.replace(
      cluster.segment,
      order.version,
      store.peopleOf(key, kept_keys.indexOf(cluster.key)),
    );
  }
  for (const segment of ended) await members.replace(segment, order.version, store.nobody);
  const run: RunResult = {
    ...run_base,
    clusters,
    unassigned: rows.find((row) => row.cluster < 0)?.people ?? 0,
    picture: fit.picture === null ? null : pictureWith(fit.picture, kept_keys),
    warnings: [...fit.warnings],
  };
  await runs.save(run, {
    model: fit.model,
    keys: kept_keys,
    names: features.map((f) => f.name),
    bins: await driftBins(key, features.length, everybody, warehouse),
  });
  for (const statement of store.forgetOthers(name, key.run)) await warehouse.execute(statement);
  return run;
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

async function rfmCuts(key: store.RunKey, { bins }: RfmSettings, warehouse: Warehouse) {
  if (typeof bins !== 'number') {
    const rising = (cuts: readonly number[]) => cuts.toSorted((a, b) => a - b);
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

const mutable = (cuts: {
  recency: readonly number[];
  frequency: readonly number[];
  monetary: readonly number[];
}) => ({
  recency: [...cuts.recency],
  frequency: [...cuts.frequency],
  monetary: [...cuts.monetary],
});

interface ToDescribe {
  readonly key: store.RunKey;
  readonly order: RunOrder;
  readonly fit: Fit;
  readonly rows: readonly store.StatisticsRow[];
  readonly everybody: store.StatisticsRow;
  readonly before: { readonly run: RunResult; readonly kept: KeptModel } | undefined;
  readonly warehouse: Warehouse;
}

async function described({ key, order, fit, rows, everybody, before, warehouse }: ToDescribe) {
  const features = describedFeatures(order.body);
  const statistics = features.map((_, i) => ({ mean: everybody.means[i] ?? 0, sd: everybody.sds[i] ?? 0 }));
  const present = rows.filter((row) => row.cluster >= 0);
  const traits = present.map((row) => traitsOf(features, row.means, statistics));
  const names =
    order.body.method === 'rfm'
      ? fixedNames(
          present.map((row) => rfmNames((order.body as { rfm: RfmSettings }).rfm)[row.cluster] as string),
          before?.run,
        )
      : await keptNames(titlesOf(features, traits), present, before, key, warehouse);
  const clusters: RunResult['clusters'] = present.map((row, i) => {
    const { key: cluster, title, kept_from, overlap } = names[i] as (typeof names)[number];
    const stability = fit.stability[row.cluster] ?? null;
    const share = row.people / everybody.people;
    return {
      key: cluster,
      title,
      segment: `${order.name}/${cluster}`,
      people: row.people,
      share,
      stability,
      stable: stability === null ? null : stability >= 0.75,
      silhouette: fit.silhouettes[row.cluster] ?? null,
      summary: summaryOf(row.people, share, traits[i] ?? []),
      traits: traits[i] ?? [],
      kept_from,
      overlap_before: overlap,
    };
  });
  const kept_keys: (string | null)[] = [];
  present.forEach((row, i) => {
    while (kept_keys.length < row.cluster) kept_keys.push(null);
    kept_keys[row.cluster] = names[i]?.key ?? null;
  });
  return { clusters, kept_keys };
}

/** Names that scores have, whoever is there. */
const fixedNames = (titles: readonly string[], before: RunResult | undefined) =>
  titles.map((title) => ({
    key: slug(title),
    title,
    kept_from: before?.clusters.some((c) => c.key === slug(title)) === true ? slug(title) : null,
    overlap: null,
  }));

async function keptNames(
  titles: readonly string[],
  present: readonly store.StatisticsRow[],
  before: ToDescribe['before'],
  key: store.RunKey,
  warehouse: Warehouse,
) {
  if (before === undefined) return keepNames([], titles, [], [], []);
  const old = before.run.clusters;
  const moves = await warehouse.query<{ before: number; now: number; people: number }>(
    store.movesBetween({ segmentation: key.segmentation, run: before.run.id }, key),
  );
  const sum = (picked: (move: (typeof moves)[number]) => boolean) =>
    moves.reduce((people, move) => people + (picked(move) ? move.people : 0), 0);
  const numbers = old.map((cluster) => before.kept.keys.indexOf(cluster.key));
  return keepNames(
    old.map(({ key: name, title }): NamedCluster => ({ key: name, title })),
    titles,
    numbers.map((o) => present.map((row) => sum((m) => m.before === o && m.now === row.cluster))),
    numbers.map((o) => sum((m) => m.before === o)),
    present.map((row) => sum((m) => m.now === row.cluster)),
  );
}

const pictureWith = (
  picture: FitResult['picture'],
  keys: readonly (string | null)[],
): RunResult['picture'] => ({
  explained: [...picture.explained],
  axes: [...picture.axes],
  points: picture.points.map(({ x, y, cluster }) => ({ x, y, cluster: keys[cluster] ?? null })),
});

async function driftBins(
  key: store.RunKey,
  features: number,
  everybody: store.StatisticsRow,
  warehouse: Warehouse,
) {
  const [row] = await warehouse.query<{ cuts: (number | null)[][] }>(
    store.quantilesOf(key, features, DRIFT_BINS),
  );
  const bins: { cuts: number[]; people: number[]; mean: number }[] = [];
  for (let i = 0; i < features; i++) {
    const cuts = [
      ...new Set((row?.cuts[i] ?? []).filter((c) => c !== null && Number.isFinite(c))),
    ] as number[];
    bins.push({ cuts, people: await binCounts(key, i, cuts, warehouse), mean: everybody.means[i] ?? 0 });
  }
  return bins;
}

export async function binCounts(
  key: store.RunKey,
  feature: number,
  cuts: readonly number[],
  warehouse: Warehouse,
): Promise<number[]> {
  const people = new Array<number>(cuts.length + 2).fill(0);
  for (const row of await warehouse.query<{ bin: number; people: number }>(
    store.binsOf(key, feature, cuts),
  )) {
    people[row.bin] = row.people;
  }
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
