/** The definition kind `segmentation`: how people are divided into segments that nobody wrote rules for. */

import { z } from 'zod';
import { key64 } from '../../kernel/ids.ts';
import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { SEGMENTATION_KIND } from '../rules/segment-kind.ts';
import { slug } from './cluster-names.ts';
import { OTHERS, RfmSettings } from './rfm-settings.ts';

const text = z.string().min(1).max(200);
const days = z.number().int().min(1).max(3_650);

const Feature = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/, 'a lower-case letter, then letters, digits and underscores'),
  /** `share`: of the events (of `event`) those whose `property` equals `equals`; without a property, of all events those of `event`. */
  measure: z.enum(['count', 'sum', 'average', 'days_since', 'distinct', 'share']),
  /** Name of the event; all events when left out. */
  event: text.optional(),
  /** Path in the event's properties, for example `products.count`. */
  property: z
    .string()
    .regex(/^[^.\s]{1,100}(\.[^.\s]{1,100}){0,5}$/, 'a path such as `price` or `cart.total`')
    .optional(),
  equals: text.optional(),
  /** Shorter than the segmentation's window. */
  window_days: days.optional(),
  /** `log` tames values where a few people are far above all others. */
  transform: z.enum(['none', 'log']).default('none'),
});
export type Feature = z.infer<typeof Feature>;

const about = {
  description: z.string().max(2_000).default(''),
  owner: z.string().max(200).default(''),
  purpose: z.string().max(200).default(''),
  teams: z.array(text).max(50).default([]),
  /** Events of this many days before the run count. */
  window_days: days.default(365),
  refit_days: days.nullable().default(null),
  /** Refits also when people or their behaviour drifted away from the fit. */
  refit_on_drift: z.boolean().default(false),
};
const fitted = {
  ...about,
  features: z.array(Feature).min(1).max(30),
  /** Only people who did this in the window; everybody with an event when left out. */
  population_event: text.optional(),
  scaling: z.enum(['none', 'standard', 'robust', 'quantile']).default('standard'),
  /** More clusters than a team can run are shown, and never chosen. */
  cap: z.number().int().min(2).max(50).default(8),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  /** People that the fit looks at; everybody is assigned afterwards. */
  sample: z.number().int().min(100).max(20_000).default(5_000),
};

const Body = z
  .discriminatedUnion('method', [
    z.strictObject({ method: z.literal('rfm'), ...about, rfm: RfmSettings.prefault({}) }),
    z.strictObject({
      method: z.literal('kmeans'),
      ...fitted,
      clusters: z
        .strictObject({ min: z.number().int().min(2).max(30), max: z.number().int().min(2).max(30) })
        .default({ min: 2, max: 8 }),
    }),
    z.strictObject({
      method: z.literal('dbscan'),
      ...fitted,
      /** In scaled units; several are tried when left out. */
      eps: z.number().positive().optional(),
      /** Twice the number of features when left out. */
      min_points: z.number().int().min(2).max(1_000).optional(),
    }),
    z.strictObject({
      method: z.literal('hdbscan'),
      ...fitted,
      /** As a share of the sample; several are tried when left out. */
      min_cluster_share: z.number().min(0.002).max(0.5).optional(),
      min_samples: z.number().int().min(1).max(1_000).default(10),
    }),
  ])
  .superRefine((body, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (body.method === 'rfm') {
      const keys = [...body.rfm.segments.map((s) => s.name), OTHERS].map(slug);
      body.rfm.segments.forEach((_, i) => {
        if (keys.indexOf(keys[i] as string, i + 1) < 0) return;
        problem(
          ['rfm', 'segments', i, 'name'],
          `is the name of another segment too, or \`${OTHERS}\`; rename one`,
        );
      });
      return;
    }
    if (body.method === 'kmeans' && body.clusters.min > body.clusters.max) {
      problem(['clusters', 'min'], 'is above `max`');
    }
    const names = body.features.map((f) => f.name);
    body.features.forEach((f, i) => {
      if (names.indexOf(f.name) !== i) problem(['features', i, 'name'], 'appears more than once; rename one');
      if (['sum', 'average', 'distinct'].includes(f.measure) && f.property === undefined) {
        problem(['features', i, 'property'], `\`${f.measure}\` needs a property`);
      }
      if (['count', 'days_since'].includes(f.measure) && f.property !== undefined) {
        problem(['features', i, 'property'], `\`${f.measure}\` counts events; leave the property out`);
      }
      if (f.measure === 'share' && f.event === undefined && f.property === undefined) {
        problem(['features', i, 'event'], '`share` needs an event, or a property and `equals`');
      }
      if ((f.measure === 'share' && f.property !== undefined) !== (f.equals !== undefined)) {
        problem(['features', i, 'equals'], 'goes with `share` and a property');
      }
      if ((f.window_days ?? 0) > body.window_days) {
        problem(['features', i, 'window_days'], `is longer than the segmentation's ${body.window_days} days`);
      }
    });
  });
export type Segmentation = z.infer<typeof Body>;
export type FittedSegmentation = Exclude<Segmentation, { method: 'rfm' }>;

export const parseSegmentation = (body: unknown): Segmentation => Body.parse(body);

/** What a definition says about itself and about when it runs: people are divided the same way with another one. */
const SAID = new Set(['description', 'owner', 'purpose', 'teams', 'refit_days', 'refit_on_drift']);

export const fingerprintOf = (body: Segmentation): string =>
  key64(JSON.stringify(Object.entries(body).filter(([key]) => !SAID.has(key))));

/** What new definitions must hold to; released ones from before go on being read. */
const NewBody = Body.superRefine((body, context) => {
  if (body.method !== 'rfm' || typeof body.rfm.bins === 'number') return;
  for (const [name, cuts] of Object.entries(body.rfm.bins)) {
    cuts.forEach((cut, i) => {
      if (i === 0 || cut > (cuts[i - 1] as number)) return;
      const message = `must be above ${cuts[i - 1]}, the cut before it`;
      context.addIssue({ code: 'custom', path: ['rfm', 'bins', name, i], message });
    });
  }
});

export const segmentationKind: DefinitionKind = {
  kind: SEGMENTATION_KIND,
  summary: 'How people are divided into segments by what they did: RFM, k-means, DBSCAN or HDBSCAN.',
  check: (body) => fieldIssues(NewBody.safeParse(body, { error: inWords }).error),
};
