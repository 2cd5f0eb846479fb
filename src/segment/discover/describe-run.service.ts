/** The clusters of a run in words, with names that go on from the run before. */
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { keepNames, type NamedCluster, slug } from './cluster-names.ts';
import { summaryOf, titlesOf, traitsOf } from './describe-clusters.ts';
import { movesBetween, type RunKey, type StatisticsRow } from './feature-store.sql.ts';
import { describedFeatures } from './feature-words.ts';
import type { FitResult } from './fit.ts';
import { rfmNames } from './rfm.ts';
import type { RfmSettings } from './rfm-settings.ts';
import type { KeptModel, RunResult } from './run-store.service.ts';
import type { Segmentation } from './segmentation.ts';

interface ToDescribe {
  readonly key: RunKey;
  readonly body: Segmentation;
  readonly fit: Pick<FitResult, 'stability' | 'silhouettes'>;
  readonly rows: readonly StatisticsRow[];
  readonly everybody: StatisticsRow;
  readonly before: { readonly run: RunResult; readonly kept: KeptModel } | undefined;
  /** Keys that clusters have had. */
  readonly used: ReadonlySet<string>;
  readonly warehouse: Warehouse;
}

/** Clusters that have people, and the key of each number that a person can have. */
export async function describeRun(asked: ToDescribe) {
  const { key, body, fit, rows, everybody, before } = asked;
  const features = describedFeatures(body);
  const statistics = features.map((_, i) => ({ mean: everybody.means[i] ?? 0, sd: everybody.sds[i] ?? 0 }));
  const present = rows.filter((row) => row.cluster >= 0);
  const traits = present.map((row) => traitsOf(features, row.means, statistics));
  const names =
    body.method === 'rfm'
      ? fixedNames(rfmTitles(body.rfm, present), before?.run)
      : await keptNames(titlesOf(features, traits), present, asked);
  const clusters: RunResult['clusters'] = present.map((row, i) => {
    const { key: cluster, title, kept_from, overlap } = names[i] as (typeof names)[number];
    const stability = fit.stability[row.cluster] ?? null;
    const share = row.people / everybody.people;
    return {
      key: cluster,
      title,
      segment: `${key.segmentation}/${cluster}`,
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
  const keys: (string | null)[] = [];
  present.forEach((row, i) => {
    while (keys.length < row.cluster) keys.push(null);
    keys[row.cluster] = names[i]?.key ?? null;
  });
  return { clusters, keys };
}

const rfmTitles = (rfm: RfmSettings, rows: readonly StatisticsRow[]): string[] =>
  rows.map((row) => rfmNames(rfm)[row.cluster] as string);

/** Names that scores have, whoever is there. */
const fixedNames = (titles: readonly string[], before: RunResult | undefined) =>
  titles.map((title) => ({
    key: slug(title),
    title,
    kept_from: before?.clusters.some((c) => c.key === slug(title)) === true ? slug(title) : null,
    overlap: null,
  }));

async function keptNames(
  titles: readonly (readonly string[])[],
  present: readonly StatisticsRow[],
  { before, key, used, warehouse }: ToDescribe,
) {
  if (before === undefined) return keepNames([], titles, [], [], [], used);
  const old = before.run.clusters;
  const moves = await warehouse.query<{ before: number; now: number; people: number }>(
    movesBetween({ segmentation: key.segmentation, run: before.run.id }, key),
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
    used,
  );
}

export const pictureWith = (
  picture: FitResult['picture'],
  keys: readonly (string | null)[],
): RunResult['picture'] => ({
  explained: [...picture.explained],
  axes: [...picture.axes],
  points: picture.points.map(({ x, y, cluster }) => ({ x, y, cluster: keys[cluster] ?? null })),
});
