import { z } from 'zod';

export const TraitName = z.object({
  name: z.string(),
  /** JSON types of its values: `string`, `number`, `boolean`, `object`, `array`. */
  types: z.array(z.string()),
  /** Null when it is made of events when asked, and so counted nowhere. */
  people: z.number().nullable(),
  origin: z.enum(['said', 'kept', 'group', 'computed']),
  label: z.string(),
  unit: z.string(),
  sensitive: z.boolean(),
  fresh_for_days: z.number().nullable(),
});

export const ComputedTrait = z.object({
  name: z.string(),
  version: z.number(),
  description: z.string(),
  calc: z.string(),
  /** The definition's body. */
  body: z.unknown(),
  state: z.enum(['ready', 'computing', 'failed']),
  /** Share of the history that is counted, 0 to 1. */
  progress: z.number(),
  /** Traits in SQL only: the last run, ISO 8601 UTC, and what it refused. */
  last_run_at: z.string().nullable(),
  problem: z.string(),
});

export type TraitNameView = z.infer<typeof TraitName>;
export type ComputedTraitView = z.infer<typeof ComputedTrait>;
