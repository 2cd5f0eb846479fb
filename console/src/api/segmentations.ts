import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';
import type { Run } from './runs.ts';

export const METHODS = ['rfm', 'kmeans', 'dbscan', 'hdbscan'] as const;
export type Method = (typeof METHODS)[number];

export interface SegmentationSummary {
  readonly name: string;
  readonly method: Method;
  readonly description: string;
  readonly version: number;
  readonly last_run: {
    readonly id: string;
    readonly at: string;
    readonly clusters: number;
    readonly people: number;
  } | null;
  readonly next_run_at: string | null;
  /** The definition changed after the last run. */
  readonly stale: boolean;
  readonly drift: {
    readonly at: string;
    readonly worst_psi: number;
    readonly moved: number;
    readonly refit: boolean;
  } | null;
}

/** One setting that was tried. */
export interface Candidate {
  readonly clusters: number;
  readonly setting: string;
  readonly silhouette: number | null;
  readonly silhouette_se: number | null;
  /** Mean Jaccard over bootstrap samples, 0 to 1. */
  readonly stability: number | null;
  readonly least_stability: number | null;
  readonly smallest_share: number;
  readonly unassigned_share: number;
  readonly inertia: number | null;
  readonly chosen: boolean;
  readonly reason: string;
}

export interface ClusterTrait {
  readonly feature: string;
  readonly mean: number;
  readonly overall_mean: number;
  /** In standard deviations of everybody. */
  readonly difference: number;
  readonly words: string;
}

export interface Cluster {
  readonly key: string;
  readonly title: string;
  readonly segment: string;
  readonly people: number;
  readonly share: number;
  readonly stability: number | null;
  readonly stable: boolean | null;
  readonly silhouette: number | null;
  readonly summary: string;
  readonly traits: readonly ClusterTrait[];
  readonly kept_from: string | null;
  readonly overlap_before: number | null;
}

export interface Picture {
  readonly explained: readonly number[];
  readonly axes: readonly string[];
  readonly points: readonly { readonly x: number; readonly y: number; readonly cluster: string | null }[];
}

export interface SegmentationRun {
  readonly id: string;
  readonly segmentation: string;
  readonly definition_version: number;
  readonly method: Method;
  readonly seed: number;
  readonly at: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly people: number;
  readonly sampled: number;
  readonly unassigned: number;
  readonly trigger: 'manual' | 'schedule' | 'drift';
  readonly candidates: readonly Candidate[];
  readonly clusters: readonly Cluster[];
  readonly features: readonly {
    readonly name: string;
    readonly mean: number;
    readonly sd: number;
    readonly missing_share: number;
    readonly words: string;
  }[];
  readonly rfm: {
    readonly recency: readonly number[];
    readonly frequency: readonly number[];
    readonly monetary: readonly number[];
  } | null;
  /** RFM only: people of each pair of scores, 5 the best. */
  readonly grid:
    | readonly {
        readonly recency: number;
        readonly frequency: number;
        readonly people: number;
        readonly monetary_mean: number;
      }[]
    | null;
  readonly picture?: Picture | null;
  readonly warnings: readonly string[];
}

export interface Drift {
  readonly at: string;
  readonly fitted: { readonly from: string; readonly to: string };
  readonly compared: { readonly from: string; readonly to: string };
  readonly people_before: number;
  readonly people_now: number;
  readonly features: readonly {
    readonly feature: string;
    readonly psi: number;
    readonly level: 'stable' | 'shifting' | 'shifted';
    readonly mean_before: number;
    readonly mean_now: number;
  }[];
  readonly moved: { readonly value: number; readonly low: number; readonly high: number };
  readonly clusters: readonly {
    readonly key: string;
    readonly title: string;
    readonly share_before: number;
    readonly share_now: number;
  }[];
  readonly refit: boolean;
  readonly reasons: readonly string[];
}

export interface Situation {
  readonly people: number;
  readonly features: number;
  readonly criteria_known: boolean;
  readonly must_be_explained: boolean;
  readonly realtime: boolean;
  readonly exploring: boolean;
  readonly capacity: number;
}

export interface Advice {
  readonly advice: 'rules' | 'clusters' | 'both' | 'wait';
  readonly reasons: readonly {
    readonly speaks_for: 'rules' | 'clusters' | 'wait';
    readonly reason: string;
  }[];
}

const path = (name: string) => `/api/segmentations/${encodeURIComponent(name)}`;

interface SegmentationAnswer {
  readonly segmentation: SegmentationSummary;
  readonly run: SegmentationRun | null;
}

export function useSegmentations() {
  return useQuery({
    queryKey: ['segmentations'],
    queryFn: ({ signal }) =>
      getJson<{ segmentations: readonly SegmentationSummary[] }>('/api/segmentations', {}, signal),
    select: (answer) => answer.segmentations,
  });
}

export function useSegmentation(name: string) {
  return useQuery({
    queryKey: ['segmentations', name],
    queryFn: ({ signal }) => getJson<SegmentationAnswer>(path(name), {}, signal),
    enabled: name !== '',
  });
}

/** Finds segments anew; the answer is followed under /api/runs. */
export function useRunSegmentation() {
  return useMutation({
    mutationFn: (name: string) => sendJson<{ run: Run }>('POST', `${path(name)}/runs`, {}),
  });
}

export function useSegmentationRuns(name: string) {
  return useQuery({
    queryKey: ['segmentations', name, 'runs'],
    queryFn: ({ signal }) => getJson<{ runs: readonly SegmentationRun[] }>(`${path(name)}/runs`, {}, signal),
    select: (answer) => answer.runs,
  });
}

/** An older run with its picture. */
export function useSegmentationRun(name: string, id: string) {
  return useQuery({
    queryKey: ['segmentations', name, 'runs', id],
    queryFn: ({ signal }) =>
      getJson<SegmentationRun>(`${path(name)}/runs/${encodeURIComponent(id)}`, {}, signal),
    enabled: id !== '',
  });
}

export function useDriftReports(name: string) {
  return useQuery({
    queryKey: ['segmentations', name, 'drift'],
    queryFn: ({ signal }) => getJson<{ reports: readonly Drift[] }>(`${path(name)}/drift`, {}, signal),
    select: (answer) => answer.reports,
  });
}

export function useMeasureDrift() {
  return useMutation({
    mutationFn: (name: string) => sendJson<{ run: Run }>('POST', `${path(name)}/drift`, {}),
  });
}

export function useRenameCluster(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ cluster, title }: { cluster: string; title: string }) =>
      sendJson<unknown>('PUT', `${path(name)}/clusters/${encodeURIComponent(cluster)}`, { title }),
    onSuccess: () =>
      Promise.all(
        [['segmentations'], ['segments'], ['segment-rules', 'fields']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export function useAdvice() {
  return useMutation({
    mutationFn: (situation: Situation) => sendJson<Advice>('POST', '/api/segmentation-advice', situation),
  });
}
