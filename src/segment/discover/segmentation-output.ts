/** What the API says of a segmentation, its runs and its clusters. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** A share or another estimate between its 95 % bounds. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** One number of clusters (or one setting) that was tried. */
export const Candidate = z.object({
  clusters: z.number().describe('clusters found; people in none of them are not one'),
  setting: z.string().describe('what was tried, for example `k = 4` or `eps = 0.61`'),
  silhouette: z.number().nullable().describe('-1 to 1: how well apart; null with fewer than two clusters'),
  silhouette_se: z.number().nullable(),
  stability: z.number().nullable().describe('mean Jaccard of the clusters over bootstrap samples, 0 to 1'),
  least_stability: z.number().nullable().describe('the same of the least stable cluster'),
  smallest_share: share.describe('share of the sample in the smallest cluster'),
  unassigned_share: share,
  inertia: z.number().nullable().describe('k-means: sum of squared distances to the centres'),
  chosen: z.boolean(),
  reason: z.string().describe('why it was chosen or not'),
});

export const Trait = z.object({
  feature: z.string(),
  mean: z.number(),
  overall_mean: z.number(),
  difference: z.number().describe('in standard deviations of everybody'),
  words: z.string().describe('for example `orders: 8.1, about 4 times the average`'),
});

export const Cluster = z.object({
  key: z.string().describe('kept across refits; the segment is `<segmentation>/<key>`'),
  title: z.string().describe('what people read; can be changed'),
  segment: z.string(),
  people: z.number(),
  share,
  stability: z.number().nullable(),
  stable: z.boolean().nullable().describe('bootstrap stability of .75 or more (Hennig 2007)'),
  silhouette: z.number().nullable(),
  summary: z.string().describe('one sentence: what its people are like'),
  traits: z.array(Trait).describe('those that stand out, strongest first'),
  kept_from: z.string().nullable().describe('key of the cluster of the run before that it goes on from'),
  overlap_before: share
    .nullable()
    .describe('Jaccard of its people with that cluster, among people of both runs'),
});

/** A picture: people of the sample on the first two principal components, without who they are. */
export const Picture = z.object({
  explained: z.array(share).describe('share of the variance on each axis'),
  axes: z.array(z.string()).describe('what each axis mostly is'),
  points: z.array(z.object({ x: z.number(), y: z.number(), cluster: z.string().nullable() })),
});

const RfmBins = z.object({
  recency: z.array(z.number()).readonly().describe('cuts in days; a value at or above a cut is beyond it'),
  frequency: z.array(z.number()).readonly(),
  monetary: z.array(z.number()).readonly(),
});

/** A picture of buying habits: how many people have each pair of scores, and what they spend. */
const RfmCell = z.object({
  recency: z.number().int().min(1).max(5).describe('score, 5 for the most recent orders'),
  frequency: z.number().int().min(1).max(5).describe('score, 5 for the most orders'),
  people: z.number().int(),
  monetary_mean: z.number().describe('mean value of their orders together, in the unit of the revenue field'),
});

export const SegmentationRun = z.object({
  id: z.string(),
  segmentation: z.string(),
  definition_version: z.number(),
  release: z.number(),
  method: z.enum(['rfm', 'kmeans', 'dbscan', 'hdbscan']),
  seed: z.number(),
  at: z.string(),
  window: z.object({ from: z.string(), to: z.string() }),
  people: z.number().describe('who had an event in the window'),
  sampled: z.number().describe('people that the fit used'),
  unassigned: z.number().describe('people in no cluster'),
  trigger: z.enum(['manual', 'schedule', 'drift']),
  candidates: z.array(Candidate).readonly().describe('empty for RFM'),
  clusters: z.array(Cluster),
  features: z.array(
    z.object({ name: z.string(), mean: z.number(), sd: z.number(), missing_share: share, words: z.string() }),
  ),
  rfm: RfmBins.nullable(),
  grid: z.array(RfmCell).nullable().describe('RFM only; pairs of scores that nobody has are left out'),
  picture: Picture.nullable(),
  warnings: z.array(z.string()),
});

export const Drift = z.object({
  at: z.string(),
  run: z.string(),
  fitted: z.object({ from: z.string(), to: z.string() }),
  compared: z.object({ from: z.string(), to: z.string() }),
  people_before: z.number(),
  people_now: z.number(),
  features: z.array(
    z.object({
      feature: z.string(),
      psi: z.number().describe('population stability index against the fit window'),
      level: z.enum(['stable', 'shifting', 'shifted']).describe('below .1, below .25, .25 and more'),
      mean_before: z.number(),
      mean_now: z.number(),
    }),
  ),
  moved: Estimate.describe('share of the people of both that would be in another cluster now'),
  clusters: z.array(z.object({ key: z.string(), title: z.string(), share_before: share, share_now: share })),
  refit: z.boolean().describe('whether a refit is advised'),
  reasons: z.array(z.string()),
});

export const SegmentationSummary = z.object({
  name: z.string(),
  method: z.enum(['rfm', 'kmeans', 'dbscan', 'hdbscan']),
  description: z.string(),
  version: z.number(),
  last_run: z.object({ id: z.string(), at: z.string(), clusters: z.number(), people: z.number() }).nullable(),
  next_run_at: z.string().nullable().describe('by its schedule; null without one'),
  stale: z.boolean().describe('the definition changed after the last run'),
  drift: z
    .object({ at: z.string(), worst_psi: z.number(), moved: z.number(), refit: z.boolean() })
    .nullable(),
});

export const Advice = z.object({
  advice: z.enum(['rules', 'clusters', 'both', 'wait']),
  reasons: z.array(z.object({ speaks_for: z.enum(['rules', 'clusters', 'wait']), reason: z.string() })),
});
