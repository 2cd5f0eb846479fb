import { z } from 'zod';
import { IMPORT_KINDS } from './mapping.ts';

export const Problem = z.object({
  /** Of the file, from 1; the header of a table is row 1. */
  row: z.number(),
  column: z.string(),
  rule: z.string(),
  message: z.string(),
  /** Type of what stood there, never the value. */
  value_type: z.string(),
});

export const Import = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(IMPORT_KINDS),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  rows: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  /** Reasons beyond those that the reject file has room for. */
  problems_left_out: z.number(),
  /** Share of the file that was read, 0 to 1. */
  progress: z.number(),
  created_at: z.string(),
  created_by: z.string(),
  ended_at: z.string().nullable(),
  error: z.string(),
  /** How to take it back. */
  undo: z.string(),
});

export type ProblemView = z.infer<typeof Problem>;
export type ImportView = z.infer<typeof Import>;
