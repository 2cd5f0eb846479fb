import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { RunService } from './runs.service.ts';

const runOut = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: z.number().describe('0 to 1'),
  doing: z.string(),
  actor_id: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  result: z.unknown(),
  error: z.string(),
});

const id = z.string().max(100);

export const runOperations = (runs: RunService): readonly Operation[] => [
  defineOperation({
    name: 'runs.list',
    summary: 'Long work in the background, newest first',
    method: 'GET',
    path: '/api/runs',
    access: { action: 'read', object: 'runs' },
    input: z.object({
      kind: z.string().max(100).optional(),
      subject: z.string().max(300).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    output: z.object({ runs: z.array(runOut) }),
    handle: async ({ kind, subject, limit }) => ({ runs: await runs.list({ kind, subject, limit }) }),
  }),
  defineOperation({
    name: 'runs.show',
    summary: 'Progress, end and result of one run',
    method: 'GET',
    path: '/api/runs/{id}',
    access: { action: 'read', object: 'runs' },
    input: z.object({ id }),
    output: runOut,
    handle: ({ id }) => runs.show(id),
  }),
  defineOperation({
    name: 'runs.cancel',
    summary: 'Ask a run to end; what it did so far is as its kind says',
    method: 'POST',
    path: '/api/runs/{id}/cancel',
    access: { action: 'write', object: 'runs' },
    input: z.object({ id }),
    output: runOut,
    audit: ['id'],
    handle: ({ id }) => runs.cancel(id),
  }),
];
