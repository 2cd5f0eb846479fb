import type { Method } from '../api/segmentations.ts';

export const MEASURES = ['count', 'days_since', 'sum', 'average', 'distinct', 'share'] as const;
export type Measure = (typeof MEASURES)[number];

export interface FeatureDraft {
  readonly measure: Measure;
  readonly event: string;
  readonly property: string;
  readonly equals: string;
  readonly window_days: number | null;
  readonly log: boolean;
  /** Empty: named after what it measures. */
  readonly name: string;
}

/** What the form holds. `rest` carries parts of the definition that the form does not show. */
export interface SegmentationDraft {
  readonly description: string;
  readonly method: Method;
  readonly window_days: number;
  readonly refit_days: number | null;
  readonly refit_on_drift: boolean;
  readonly features: readonly FeatureDraft[];
  readonly clusters: { readonly min: number; readonly max: number };
  readonly cap: number;
  readonly order_event: string;
  readonly revenue: string;
  readonly rest: Readonly<Record<string, unknown>>;
}

const feature = (measure: Measure, more: Partial<FeatureDraft> = {}): FeatureDraft => ({
  measure,
  event: '',
  property: '',
  equals: '',
  window_days: null,
  log: false,
  name: '',
  ...more,
});

export const NEW_FEATURE = feature('count');

export const NEW_SEGMENTATION: SegmentationDraft = {
  description: '',
  method: 'kmeans',
  window_days: 365,
  refit_days: 30,
  refit_on_drift: true,
  features: [
    feature('days_since'),
    feature('count', { log: true }),
    feature('count', { event: 'Order Completed', log: true }),
    feature('sum', { event: 'Order Completed', property: 'revenue', log: true }),
  ],
  clusters: { min: 2, max: 8 },
  cap: 6,
  order_event: 'Order Completed',
  revenue: 'revenue',
  rest: {},
};

export const NEEDS_PROPERTY: readonly Measure[] = ['sum', 'average', 'distinct'];

/** `sum of revenue, Order Completed` as `sum_revenue_order_completed`, when nobody gave it a name. */
export function featureName(draft: FeatureDraft): string {
  if (draft.name !== '') return draft.name;
  const parts = [
    draft.measure,
    usesProperty(draft) ? draft.property : '',
    draft.event || 'events',
    draft.equals,
  ];
  if (draft.window_days !== null) parts.push(`${draft.window_days}d`);
  return parts
    .join('_')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
}

const usesProperty = ({ measure }: FeatureDraft) => NEEDS_PROPERTY.includes(measure) || measure === 'share';

function featureBody(draft: FeatureDraft): Record<string, unknown> {
  const with_property = usesProperty(draft) && draft.property !== '';
  return {
    name: featureName(draft),
    measure: draft.measure,
    ...(draft.event === '' ? {} : { event: draft.event }),
    ...(with_property ? { property: draft.property } : {}),
    ...(draft.measure === 'share' && with_property ? { equals: draft.equals } : {}),
    ...(draft.window_days === null ? {} : { window_days: draft.window_days }),
    ...(draft.log ? { transform: 'log' } : {}),
  };
}

/** The body of the definition. */
export function bodyOf(draft: SegmentationDraft): Record<string, unknown> {
  const about = {
    method: draft.method,
    description: draft.description,
    window_days: draft.window_days,
    refit_days: draft.refit_days,
    refit_on_drift: draft.refit_on_drift,
  };
  const { rfm, eps, min_points, min_cluster_share, min_samples, ...kept } = draft.rest;
  if (draft.method === 'rfm') {
    const { scaling: _, sample: __, seed: ___, population_event: ____, ...shared } = kept;
    const settings = {
      ...(rfm as object | undefined),
      order_event: draft.order_event,
      revenue: draft.revenue,
    };
    return { ...shared, ...about, rfm: settings };
  }
  const own: Readonly<Record<Exclude<Method, 'rfm'>, Record<string, unknown>>> = {
    kmeans: { clusters: draft.clusters },
    dbscan: { eps, min_points },
    hdbscan: { min_cluster_share, min_samples },
  };
  const settings = Object.entries(own[draft.method]).filter(([, value]) => value !== undefined);
  return {
    ...kept,
    ...about,
    features: draft.features.map(featureBody),
    cap: draft.cap,
    ...Object.fromEntries(settings),
  };
}

/** A released definition as the form shows it. */
export function draftOf(body: unknown): SegmentationDraft {
  const { method, description, window_days, refit_days, refit_on_drift, features, clusters, cap, ...rest } =
    body as Record<string, unknown>;
  const rfm = (rest['rfm'] ?? {}) as Record<string, unknown>;
  const read = <T>(value: unknown, otherwise: T): T => (value === undefined ? otherwise : (value as T));
  return {
    description: read(description, ''),
    method: read(method, NEW_SEGMENTATION.method),
    window_days: read(window_days, 365),
    refit_days: read(refit_days, null),
    refit_on_drift: read(refit_on_drift, false),
    features: ((features ?? []) as Record<string, unknown>[]).map(({ transform, ...each }) =>
      feature('count', { ...(each as Partial<FeatureDraft>), log: transform === 'log' }),
    ),
    clusters: read(clusters, NEW_SEGMENTATION.clusters),
    cap: read(cap, 8),
    order_event: read(rfm['order_event'], NEW_SEGMENTATION.order_event),
    revenue: read(rfm['revenue'], NEW_SEGMENTATION.revenue),
    rest,
  };
}
