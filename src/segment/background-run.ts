import { z } from 'zod';

/** `Run` of govern/contract.ts, as operations that begin one answer it. */
export const BackgroundRun = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: z.number(),
  doing: z.string(),
  actor_id: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  result: z.unknown(),
  error: z.string(),
});
