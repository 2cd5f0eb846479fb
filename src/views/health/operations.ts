import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { HealthService } from './health.service.ts';

const point = z.object({
  at: z.string(),
  accepted: z.number(),
  processed: z.number(),
  refused: z.number(),
  lag: z.number(),
});

export const healthOperations = (service: HealthService): Operation[] => [
  defineOperation({
    name: 'health.show',
    summary: 'Checks, lag, rates, memory and disk',
    method: 'GET',
    path: '/api/health',
    access: { action: 'read', object: 'health' },
    input: z.object({}),
    output: z.object({
      status: z.enum(['ok', 'degraded', 'failing']),
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
      log: z.object({ start: z.number(), end: z.number() }),
      consumers: z.array(
        z.object({ name: z.string(), position: z.number(), lag_events: z.number(), lag_s: z.number() }),
      ),
      rates: z.object({
        accepted_per_s_1m: z.number(),
        processed_per_s_1m: z.number(),
        refused_per_s_1m: z.number(),
      }),
      disk: z.object({ free_bytes: z.number() }),
      process: z.object({ rss_bytes: z.number(), uptime_s: z.number(), version: z.string() }),
      history: z.array(point),
    }),
    handle: async () => {
      const health = await service.show();
      return {
        ...health,
        checks: [...health.checks],
        consumers: [...health.consumers],
        history: [...health.history],
      };
    },
  }),
];
