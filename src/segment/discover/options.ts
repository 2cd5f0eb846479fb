import { dbscan, kneeRadius } from '../../stats/dbscan.ts';
import { type Hdbscan, hdbscan } from '../../stats/hdbscan.ts';
import { type KMeans, kMeans } from '../../stats/k-means.ts';
import { type Points, rowOf } from '../../stats/points.ts';
import type { Model, Preparation } from './model.ts';
import type { FittedSegmentation } from './segmentation.ts';

export interface Clustering {
  readonly labels: Int32Array;
  readonly clusters: number;
  readonly inertia: number | null;
}

/** One way to cluster that is tried. */
export interface Option {
  readonly setting: string;
  /** Looks at density, which doubled points would fake. */
  readonly density: boolean;
  cluster(points: Points, random: () => number, starts: number): Clustering;
  /** What places others, after `cluster` ran on the whole sample. */
  model(preparation: Preparation, labels: Int32Array): Model;
}

export function optionsOf(body: FittedSegmentation, points: Points): Option[] {
  switch (body.method) {
    case 'kmeans': {
      const { min, max } = body.clusters;
      const most = Math.min(max, points.n);
      return Array.from({ length: Math.max(0, most - min + 1) }, (_, i) => byCenters(min + i, points));
    }
    case 'dbscan': {
      const min_points = body.min_points ?? Math.max(4, 2 * points.d);
      const knee = kneeRadius(points, min_points) ?? 1;
      const radii = body.eps === undefined ? [0.5, 1, 1.5, 2, 3].map((f) => knee * f) : [body.eps];
      return radii.map((eps) => byRadius(eps, min_points, points));
    }
    case 'hdbscan': {
      const shares =
        body.min_cluster_share === undefined ? [0.01, 0.02, 0.05, 0.1] : [body.min_cluster_share];
      return shares.map((share) => byHierarchy(share, Math.min(body.min_samples, points.n), points));
    }
  }
}

function byCenters(k: number, sample: Points): Option {
  let whole: KMeans | undefined;
  return {
    setting: `k = ${k}`,
    density: false,
    cluster(points, random, starts) {
      const found = kMeans(points, k, random, { starts });
      if (points === sample) whole = found;
      return { labels: found.labels, clusters: k, inertia: found.inertia };
    },
    model: (preparation) => ({
      method: 'kmeans',
      preparation,
      centers: whole === undefined ? [] : rows(whole.centers),
    }),
  };
}

function byRadius(eps: number, min_points: number, sample: Points): Option {
  let core: Uint8Array | undefined;
  return {
    setting: `eps = ${eps.toPrecision(3)}, ${min_points} points`,
    density: true,
    cluster(points) {
      const found = dbscan(points, eps, min_points);
      if (points === sample) core = found.core;
      return { labels: found.labels, clusters: found.clusters, inertia: null };
    },
    model(preparation, labels) {
      const cores = rows(sample)
        .map((row, i) => ({ row, i }))
        .filter(({ i }) => core?.[i] === 1);
      return {
        method: 'dbscan',
        preparation,
        eps,
        cores: cores.map(({ row }) => row),
        labels: cores.map(({ i }) => labels[i] as number),
      };
    },
  };
}

function byHierarchy(share: number, min_samples: number, sample: Points): Option {
  let whole: Hdbscan | undefined;
  const sizeIn = (n: number) => Math.max(2, Math.round(share * n));
  return {
    setting: `at least ${sizeIn(sample.n)} of ${sample.n} together`,
    density: true,
    cluster(points) {
      const found = hdbscan(points, { min_cluster_size: sizeIn(points.n), min_samples });
      if (points === sample) whole = found;
      return { labels: found.labels, clusters: found.clusters, inertia: null };
    },
    model: (preparation, labels) => ({
      method: 'hdbscan',
      preparation,
      min_samples,
      fitted: rows(sample),
      labels: [...labels],
      births: [...(whole?.births ?? [])],
      core_distances: [...(whole?.core_distances ?? [])],
    }),
  };
}

const rows = (points: Points): number[][] => Array.from({ length: points.n }, (_, i) => rowOf(points, i));
