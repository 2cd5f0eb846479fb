/**
 * Finds clusters in a sample of people and chooses how many: by bootstrap stability (Hennig 2007), silhouette
 * (Rousseeuw 1987) and a cap on what a team can run. Assumes that distance between scaled features means likeness;
 * when no number of clusters is stable it says so rather than inventing structure.
 */
import { createRng, type Rng } from '../../kernel/rng.ts';
import { clusterStability } from '../../stats/cluster-stability.ts';
import { type Points, pick } from '../../stats/points.ts';
import { principalComponents } from '../../stats/principal-components.ts';
import { type Silhouette, silhouette } from '../../stats/silhouette.ts';
import { chooseCandidate, type Judged } from './choose-candidate.ts';
import { fitPreparation, type Model, type Preparation, prepare, type Row } from './model.ts';
import { type Option, optionsOf } from './options.ts';
import type { FittedSegmentation } from './segmentation.ts';

export interface FitResult {
  readonly model: Model;
  readonly candidates: readonly Judged[];
  /** Of the chosen clusters, in the order of their numbers. */
  readonly stability: readonly number[];
  readonly silhouettes: readonly (number | null)[];
  readonly picture: {
    readonly explained: readonly number[];
    readonly axes: readonly string[];
    readonly points: readonly { readonly x: number; readonly y: number; readonly cluster: number }[];
  };
  readonly warnings: readonly string[];
}

const RESAMPLES = 20;
/** Points that the silhouette is taken of. */
const LOOKED_AT = 800;
const PICTURED = 600;

type Progress = (share: number, what: string) => void;

/** `rows`: the features of at least 3 people. The same rows, body and seed give the same answer. */
export function fitSegmentation(
  rows: readonly Row[],
  body: FittedSegmentation,
  progress: Progress = () => {},
): FitResult {
  const rng = createRng(body.seed);
  const log = body.features.map((f) => f.transform === 'log');
  const preparation = fitPreparation(rows, log, body.scaling);
  const points = prepare(rows, preparation);
  const options = optionsOf(body, points);
  const tried = options.map((option, i) => {
    progress(i / options.length, `trying ${option.setting}`);
    return { option, ...judge(option, points, rng.fork(`option ${i}`)) };
  });
  const { index, judged, warnings } = chooseCandidate(
    tried.map((t) => t.judgement),
    body.cap,
  );
  const constant = constantFeatures(points, body);
  const chosen = tried[index];
  if (chosen === undefined) {
    return {
      model: nobody(preparation),
      candidates: judged,
      stability: [],
      silhouettes: [],
      picture: { explained: [], axes: [], points: [] },
      warnings:
        constant.length === body.features.length
          ? [
              'These features do not tell people apart: each is the same for everybody in the sample. There are no segments in them.',
            ]
          : [...constant, ...warnings],
    };
  }
  return {
    model: chosen.option.model(preparation, chosen.found.labels),
    candidates: judged,
    stability: chosen.stability,
    silhouettes: chosen.width?.by_cluster ?? chosen.stability.map(() => null),
    picture: pictureOf(
      points,
      chosen.found.labels,
      body.features.map((f) => f.name),
      rng.fork('picture'),
    ),
    warnings: [...constant, ...warnings],
  };
}

function judge(option: Option, points: Points, rng: Rng) {
  const found = option.cluster(points, rng.fork('fit').next, 10);
  const width: Silhouette | null = silhouette(points, found.labels, {
    size: LOOKED_AT,
    random: rng.fork('look').next,
  });
  const again = rng.fork('again');
  const stability = clusterStability(
    found.labels,
    found.clusters,
    (drawn) => option.cluster(pick(points, drawn), again.next, 2).labels,
    {
      resamples: found.clusters < 2 ? 0 : option.density ? RESAMPLES / 2 : RESAMPLES,
      scheme: option.density ? 'subset' : 'bootstrap',
      random: rng.fork('draw').next,
    },
  );
  const sizes = new Array<number>(found.clusters).fill(0);
  let unassigned = 0;
  for (const label of found.labels) {
    if (label < 0) unassigned++;
    else sizes[label] = (sizes[label] as number) + 1;
  }
  const several = found.clusters >= 2;
  return {
    found,
    width,
    stability,
    judgement: {
      clusters: found.clusters,
      setting: option.setting,
      silhouette: width?.mean ?? null,
      silhouette_se: width?.se ?? null,
      stability: several ? stability.reduce((sum, s) => sum + s, 0) / stability.length : null,
      least_stability: several ? Math.min(...stability) : null,
      smallest_share: sizes.length === 0 ? 0 : Math.min(...sizes) / points.n,
      unassigned_share: unassigned / points.n,
      inertia: found.inertia,
    },
  };
}

const nobody = (preparation: Preparation): Model => ({
  method: 'dbscan',
  preparation,
  eps: 0,
  cores: [],
  labels: [],
});

function constantFeatures(points: Points, body: FittedSegmentation): string[] {
  const constant = body.features.filter((_, c) => {
    const first = points.data[c];
    for (let i = 0; i < points.n; i++) if (points.data[i * points.d + c] !== first) return false;
    return true;
  });
  return constant.map((f) => `\`${f.name}\` is the same for everybody in the sample and tells nobody apart.`);
}

function pictureOf(
  points: Points,
  labels: Int32Array,
  names: readonly string[],
  rng: Rng,
): FitResult['picture'] {
  const { axes, explained, mean } = principalComponents(points, 2);
  const shown = Array.from({ length: Math.min(PICTURED, points.n) }, () => rng.int(points.n));
  const along = (i: number, axis: readonly number[] | undefined) =>
    (axis ?? []).reduce(
      (sum, a, c) => sum + a * ((points.data[i * points.d + c] as number) - (mean[c] as number)),
      0,
    );
  return {
    explained,
    axes: axes.map((axis) =>
      axis
        .map((weight, c) => ({ weight, name: names[c] as string }))
        .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
        .slice(0, 2)
        .filter(({ weight }) => Math.abs(weight) >= 0.2)
        .map(({ weight, name }) => `${weight > 0 ? 'more' : 'less'} ${name.replaceAll('_', ' ')}`)
        .join(', '),
    ),
    points: (points.n <= PICTURED ? Array.from({ length: points.n }, (_, i) => i) : [...new Set(shown)]).map(
      (i) => ({
        x: along(i, axes[0]),
        y: along(i, axes[1]),
        cluster: labels[i] as number,
      }),
    ),
  };
}
