/** What a fit leaves behind: enough to place any person from their features. JSON. */
import { dbscanAssign } from '../../stats/dbscan.ts';
import { hdbscanAssign } from '../../stats/hdbscan.ts';
import { type Points, pointsOf } from '../../stats/points.ts';
import { inOrder, quantile } from '../../stats/quantile.ts';
import { applyScaling, fitScaling, type Scaling, type ScalingKind } from '../../stats/scaling.ts';
import type { RfmCuts } from './rfm.ts';
import type { NamedScores } from './rfm-settings.ts';

/** Value of a person's feature; null when there is none, as the average of nothing. */
export type Row = readonly (number | null)[];

/** From features to comparable coordinates: fill what is missing, tame what is skewed, scale. */
export interface Preparation {
  /** Median of those who have a value. */
  readonly fill: readonly number[];
  readonly log: readonly boolean[];
  readonly scaling: Scaling;
}

export type Model =
  | { readonly method: 'rfm'; readonly cuts: RfmCuts; readonly segments: readonly NamedScores[] }
  | {
      readonly method: 'kmeans';
      readonly preparation: Preparation;
      readonly centers: readonly (readonly number[])[];
    }
  | {
      readonly method: 'dbscan';
      readonly preparation: Preparation;
      readonly eps: number;
      readonly cores: readonly (readonly number[])[];
      readonly labels: readonly number[];
    }
  | {
      readonly method: 'hdbscan';
      readonly preparation: Preparation;
      readonly min_samples: number;
      readonly fitted: readonly (readonly number[])[];
      readonly labels: readonly number[];
      readonly births: readonly number[];
      readonly core_distances: readonly number[];
    };
export type DensityModel = Extract<Model, { method: 'dbscan' | 'hdbscan' }>;

/** `rows` are not empty. */
export function fitPreparation(
  rows: readonly Row[],
  log: readonly boolean[],
  kind: ScalingKind,
): Preparation {
  const fill = log.map((_, c) => {
    const known = inOrder(rows.map((row) => row[c]).filter((v) => v !== null && v !== undefined));
    return known.length === 0 ? 0 : quantile(known, 0.5);
  });
  return { fill, log, scaling: fitScaling(filled(rows, fill, log), kind) };
}

export const prepare = (rows: readonly Row[], { fill, log, scaling }: Preparation): Points =>
  applyScaling(filled(rows, fill, log), scaling);

function filled(rows: readonly Row[], fill: readonly number[], log: readonly boolean[]): Points {
  const d = fill.length;
  const data = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    for (let c = 0; c < d; c++) {
      const value = row[c] ?? (fill[c] as number);
      data[i * d + c] = log[c] === true ? Math.sign(value) * Math.log1p(Math.abs(value)) : value;
    }
  });
  return { n: rows.length, d, data };
}

/** Cluster of each person, -1 for none. RFM and k-means are placed in SQL (`place.sql.ts`). */
export function placeByDensity(rows: readonly Row[], model: DensityModel): Int32Array {
  const points = prepare(rows, model.preparation);
  if (model.method === 'dbscan') return dbscanAssign(points, pointsOf(model.cores), model.labels, model.eps);
  const { births, core_distances, labels } = model;
  const fitted = {
    labels: Int32Array.from(labels),
    births: Float64Array.from(births),
    core_distances: Float64Array.from(core_distances),
  };
  return hdbscanAssign(points, pointsOf(model.fitted), fitted, model.min_samples);
}
