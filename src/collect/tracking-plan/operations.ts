import { z } from 'zod';
import { shownTo } from '../../kernel/contacts.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { SourceDirectory } from '../sources/source.ts';
import type { TrackingPlanService } from './tracking-plan.service.ts';

const action = z.enum(['allow', 'strip', 'quarantine']);

const planSchema = z.object({
  name: z.string(),
  version: z.number(),
  description: z.string().nullable(),
  sources: z.array(z.object({ id: z.string(), name: z.string() })),
  events: z.array(
    z.object({
      event: z.string(),
      type: z.string(),
      version: z.string(),
      description: z.string().nullable(),
      on_violation: action,
      schema: z.unknown(),
      seen_24h: z.number(),
      violations_24h: z.number(),
      last_seen_at: z.string().nullable(),
    }),
  ),
  unplanned: z.array(z.object({ event: z.string(), type: z.string(), count: z.number() })),
});

const groupSchema = z.object({
  source_id: z.string(),
  source_name: z.string(),
  event: z.string(),
  type: z.string(),
  path: z.string(),
  rule: z.string(),
  message: z.string(),
  action,
  count: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  sample: z.object({ position: z.number(), message_id: z.string(), payload: z.unknown() }),
});

/** Plans are written as definitions of the kind `tracking-plan`; here they are read beside what really arrived. */
export function trackingPlanOperations(
  service: TrackingPlanService,
  sources: SourceDirectory,
  hidden_traits: () => ReadonlySet<string>,
): readonly Operation[] {
  return [
    defineOperation({
      name: 'tracking-plans.list',
      summary: 'The released tracking plans, with how often each event was seen and broke its plan.',
      method: 'GET',
      path: '/api/tracking-plans',
      input: z.object({}),
      output: z.object({ plans: z.array(planSchema) }),
      access: { action: 'read', object: 'tracking-plans' },
      handle: async () => ({
        plans: (await service.plans()).map((plan) => ({
          ...plan,
          sources: [...plan.sources],
          events: [...plan.events],
          unplanned: [...plan.unplanned],
        })),
      }),
    }),
    defineOperation({
      name: 'violations.list',
      summary: 'Violations of tracking plans, grouped by what is wrong, most first.',
      method: 'GET',
      path: '/api/violations',
      input: z.object({
        hours: z.coerce.number().int().min(1).max(2_160).default(24),
        source: z.string().max(100).optional(),
        event: z.string().max(300).optional(),
      }),
      output: z.object({ groups: z.array(groupSchema) }),
      access: { action: 'read', object: 'violations' },
      handle: async (filter, { actor }) => {
        const shown = shownTo(actor, hidden_traits());
        const rows = await service.violations(filter);
        const groups = rows.map(({ sample_position, sample_message_id, sample_payload, ...row }) => ({
          ...row,
          message: shown.text(row.message),
          source_name: sources.byId(row.source_id)?.name ?? row.source_id,
          sample: {
            position: sample_position,
            message_id: sample_message_id,
            payload: shown.json(readJson(sample_payload)),
          },
        }));
        return { groups };
      },
    }),
  ];
}

/** A payload that is not JSON is shown as it came. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
