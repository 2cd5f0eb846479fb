import { z } from 'zod';
import { type Shown, shownTo } from '../../kernel/contacts.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { SourceDirectory } from '../sources/source.ts';
import type { QuarantineService } from './quarantine.service.ts';
import type { GroupRow } from './quarantine.sql.ts';
import type { QuarantineRun } from './quarantine-runs.service.ts';
import { repairRuleSchema } from './repair-rule.ts';

const groupId = z.string().regex(/^[0-9a-f]{32}$/, 'the group_id from quarantine.groups');
const rules = z.array(repairRuleSchema).max(50);

const groupOut = z.object({
  group_id: z.string(),
  source_id: z.string(),
  source_name: z.string(),
  type: z.string(),
  event: z.string(),
  reason: z.string(),
  path: z.string(),
  detail: z.string(),
  open: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  sample: z.object({ position: z.number(), message_id: z.string(), payload: z.unknown() }),
});

const runOut = z.object({
  id: z.string(),
  kind: z.enum(['replay', 'discard']),
  group_id: z.string(),
  source_id: z.string(),
  source_name: z.string(),
  event: z.string(),
  reason: z.string(),
  rules,
  status: z.enum(['running', 'finished', 'failed', 'interrupted']),
  total: z.number(),
  done: z.number(),
  replayed: z.number(),
  failed: z.number(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
});

const sampleOut = z.object({
  position: z.number(),
  message_id: z.string(),
  received_at: z.string(),
  payload: z.unknown(),
  reason: z.string(),
  detail: z.string(),
  path: z.string(),
});

const previewOut = z.object({
  samples: z.array(
    z.object({
      position: z.number(),
      message_id: z.string(),
      before: z.unknown(),
      after: z.unknown(),
      changed: z.boolean(),
      outcome: z.enum(['accepted', 'quarantined']),
      reason: z.string(),
      detail: z.string(),
      path: z.string(),
    }),
  ),
  tried: z.number(),
  would_pass: z.number(),
  would_fail: z.number(),
});

export function quarantineOperations(
  service: QuarantineService,
  sources: SourceDirectory,
  hidden_traits: () => ReadonlySet<string>,
): Operation[] {
  const nameOf = (source_id: string) => sources.byId(source_id)?.name ?? source_id;
  const toGroup =
    (shown: Shown) =>
    ({ sample_position, sample_message_id, sample_payload, ...row }: GroupRow) => ({
      ...row,
      detail: shown.text(row.detail),
      source_name: nameOf(row.source_id),
      sample: {
        position: sample_position,
        message_id: sample_message_id,
        payload: shown.json(JSON.parse(sample_payload)),
      },
    });
  const toRun = ({ actor_id: _, ...run }: QuarantineRun) => ({
    ...run,
    rules: [...run.rules],
    source_name: nameOf(run.source_id),
  });
  const read = { action: 'read', object: 'quarantine' } as const;
  const write = { action: 'write', object: 'quarantine' } as const;

  return [
    defineOperation({
      name: 'quarantine.groups',
      summary: 'Open quarantined events, grouped by mistake',
      method: 'GET',
      path: '/api/quarantine',
      access: read,
      input: z.object({}),
      output: z.object({ groups: z.array(groupOut) }),
      handle: async (_, { actor }) => ({
        groups: (await service.groups()).map(toGroup(shownTo(actor, hidden_traits()))),
      }),
    }),
    defineOperation({
      name: 'quarantine.replays',
      summary: 'Replays and discards, newest first',
      method: 'GET',
      path: '/api/quarantine/replays',
      access: read,
      input: z.object({}),
      output: z.object({ replays: z.array(runOut) }),
      handle: async () => ({ replays: (await service.runs()).map(toRun) }),
    }),
    defineOperation({
      name: 'quarantine.replay-status',
      summary: 'Progress of one replay or discard',
      method: 'GET',
      path: '/api/quarantine/replays/{id}',
      access: read,
      input: z.object({ id: z.string() }),
      output: z.object({ replay: runOut }),
      handle: async ({ id }) => ({ replay: toRun(await service.run(id)) }),
    }),
    defineOperation({
      name: 'quarantine.show',
      summary: 'One group with samples of its payloads; null once nothing in it is open',
      method: 'GET',
      path: '/api/quarantine/{group_id}',
      access: read,
      input: z.object({ group_id: groupId, limit: z.coerce.number().int().min(1).max(200).default(20) }),
      output: z.object({
        group: groupOut.nullable(),
        samples: z.array(sampleOut),
        masked: z.boolean().describe('contact data is shortened for the role of whoever asks'),
      }),
      handle: async ({ group_id, limit }, { actor }) => {
        const shown = shownTo(actor, hidden_traits());
        const { masked } = shown;
        const group = await service.group(group_id);
        if (group === undefined) return { group: null, samples: [], masked };
        const rows = await service.entries(group_id, limit);
        const samples = rows.map(({ position, message_id, received_at, payload, reason, detail, path }) => ({
          position,
          message_id,
          received_at,
          reason,
          detail: shown.text(detail),
          path,
          payload: shown.json(JSON.parse(payload)),
        }));
        return { group: toGroup(shown)(group), samples, masked };
      },
    }),
    defineOperation({
      name: 'quarantine.preview',
      summary: 'Try repair rules on samples; changes nothing',
      method: 'POST',
      path: '/api/quarantine/preview',
      access: read,
      input: z.object({ group_id: groupId, rules, limit: z.number().int().min(1).max(200).default(20) }),
      output: previewOut,
      handle: async ({ group_id, rules, limit }, { actor }) => {
        const shown = shownTo(actor, hidden_traits());
        const { samples, ...counts } = await service.preview(group_id, rules, limit);
        return {
          ...counts,
          samples: samples.map((sample) => ({
            ...sample,
            before: shown.json(sample.before),
            after: shown.json(sample.after),
            detail: shown.text(sample.detail),
          })),
        };
      },
    }),
    defineOperation({
      name: 'quarantine.replay',
      summary: 'Repair the events of a group and send them on; running it again replays nothing twice',
      method: 'POST',
      path: '/api/quarantine/replay',
      access: write,
      audit: ['group_id'],
      input: z.object({ group_id: groupId, rules }),
      output: z.object({ replay: runOut }),
      handle: async ({ group_id, rules }, { actor }) => ({
        replay: toRun(await service.replay(group_id, rules, actor)),
      }),
    }),
    defineOperation({
      name: 'quarantine.discard',
      summary: 'Give the events of a group up; their fate becomes filtered',
      method: 'POST',
      path: '/api/quarantine/discard',
      access: write,
      audit: ['group_id'],
      input: z.object({ group_id: groupId }),
      output: z.object({ replay: runOut }),
      handle: async ({ group_id }, { actor }) => ({ replay: toRun(await service.discard(group_id, actor)) }),
    }),
  ];
}
