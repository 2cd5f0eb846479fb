/** What the API says of a discovered segment. */
import { z } from 'zod';
import { Cluster, SegmentationRun } from '../discover/segmentation-output.ts';
import { UseSummary } from '../use/use-output.ts';

export const DiscoveredSummary = z.object({
  name: z.string().describe('`<segmentation>/<cluster>`'),
  label: z.string(),
  segmentation: z.string(),
  owner: z.string(),
  version: z.number().describe('of the segmentation, as it ran'),
  state: z.enum(['building', 'live']).describe('`building` until everybody of the newest run is in'),
  use: UseSummary.describe('whether it is given out'),
  people: z.number().nullable(),
  entered_7d: z.number(),
  exited_7d: z.number(),
  refreshed_at: z.string().nullable(),
});

export const DiscoveredDetail = DiscoveredSummary.extend({
  kind: z.literal('discovered'),
  description: z.string().describe('one sentence: what its people are like'),
  purpose: z.string(),
  teams: z.array(z.string()).readonly(),
  method: SegmentationRun.shape.method,
  refit_days: z.number().nullable().describe('found anew every so many days; null: by hand'),
  run: SegmentationRun.pick({
    id: true,
    at: true,
    window: true,
    people: true,
    trigger: true,
    warnings: true,
  }),
  cluster: Cluster,
  used_by: z.array(z.string()).readonly(),
});

export const SharedPeople = z.object({
  segment: z.string(),
  label: z.string(),
  people: z.number(),
  both: z
    .number()
    .nullable()
    .describe('people who are in both now; null: fewer than 10, and the role sees no people'),
});
