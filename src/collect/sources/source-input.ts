/** What a person may set on a source, with the rules and their wording. */
import { z } from 'zod';
import { SOURCE_TYPES, type SourceSettings } from './source.ts';

export const nameSchema = z
  .string()
  .trim()
  .min(1, 'Give the source a name.')
  .max(80, 'A name has at most 80 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'A name has no line breaks or control characters.');

export const typeSchema = z.enum(SOURCE_TYPES);

const settingShapes = {
  sampling_rate: z
    .number()
    .min(0, 'The sampling rate is a share from 0 to 1.')
    .max(1, 'The sampling rate is a share from 0 to 1.'),
  events_per_s_max: z
    .int('Events per second is a whole number, or null for no limit.')
    .min(1, 'Allow at least 1 event per second; to stop a source, disable it.')
    .max(10_000_000)
    .nullable(),
  unknown_events: z.enum(['allow', 'quarantine']),
  on_violation: z.enum(['allow', 'strip', 'quarantine']).nullable(),
  ip: z.enum(['truncate', 'keep', 'drop']),
  tracking_plan: z.string().min(1).max(80).nullable(),
};

export const settingsSchema = z.strictObject(settingShapes);
export const settingsPatchSchema = settingsSchema.partial();
/** A key with the value `undefined` is taken as absent. */
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const DEFAULT_SETTINGS: SourceSettings = {
  sampling_rate: 1,
  events_per_s_max: null,
  unknown_events: 'allow',
  on_violation: null,
  ip: 'truncate',
  tracking_plan: null,
};

export const overlapSchema = z
  .number()
  .min(0, 'The overlap is 0 hours or more.')
  .max(2_160, 'The overlap is at most 2,160 hours (90 days).');
