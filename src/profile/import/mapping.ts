import { z } from 'zod';

/** What becomes of a column. */
const Target = z.discriminatedUnion('to', [
  z.strictObject({
    to: z.literal('identifier'),
    /** A type of the identity rules that run. */
    type: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  }),
  z.strictObject({
    to: z.literal('trait'),
    name: z.string().min(1).max(100),
    as: z.enum(['text', 'number', 'boolean', 'date', 'json']).default('text'),
  }),
  z.strictObject({
    to: z.literal('property'),
    name: z.string().min(1).max(100),
    as: z.enum(['text', 'number', 'boolean', 'date', 'json']).default('text'),
  }),
  z.strictObject({ to: z.literal('timestamp') }),
  /** Transactions: the row's own id (order or till number), so that a row that comes again counts once. */
  z.strictObject({ to: z.literal('row_id') }),
  /** Transactions: the name of the event, when rows differ in it. */
  z.strictObject({ to: z.literal('event') }),
  z.strictObject({
    to: z.literal('consent'),
    purpose: z.string().min(1).max(60),
    /** Where and how it was given, kept with the event: without it a yes is not taken. */
    evidence: z.string().min(3).max(500),
  }),
  z.strictObject({
    to: z.literal('group'),
    type: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .default('account'),
  }),
  /** People: a number that a model gave them, kept as the trait `score.<name>`. */
  z.strictObject({ to: z.literal('score'), name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/) }),
  z.strictObject({ to: z.literal('ignore') }),
]);

/** A column of the table (a key of the NDJSON) -> what becomes of it. Columns that are not named are ignored. */
export const ImportMapping = z.record(z.string().min(1).max(200), Target);

export const IMPORT_KINDS = ['people', 'transactions', 'match'] as const;

/** What an import is: which rows, and what they become. */
export const ImportPlan = z.strictObject({
  /** `people` become identify events, `transactions` track events, `match` pairs of identifiers that belong together. */
  kind: z.enum(IMPORT_KINDS),
  format: z.enum(['csv', 'ndjson']),
  mapping: ImportMapping,
  /** Transactions: the name of their event, when no column says it. */
  event: z.string().min(1).max(200).default('Store Purchase'),
  /** Dates without a zone are read in UTC; day first for 03/04/2026. */
  day_first: z.boolean().default(false),
});

export type ImportTarget = z.infer<typeof Target>;
export type ImportPlan = z.infer<typeof ImportPlan>;
