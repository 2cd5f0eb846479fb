import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import { type SegmentUses, USE } from './use.service.ts';
import { SegmentUse, SegmentUseDetail } from './use-output.ts';

const READ = { action: 'read', object: 'segments' } as const;
const name = z.string().min(1).max(200).describe('of the segment; a slash in it is written %2F in a path');
const reason = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .describe('why, for the people after you; goes into the audit log: no names');

export function useOperations(uses: SegmentUses): Operation[] {
  return [
    defineOperation({
      name: 'segments.uses',
      summary:
        'Which segments are given out for use and which are held, discovered ones too, with the reasons',
      method: 'GET',
      path: '/api/segment-uses',
      input: z.object({}),
      output: z.object({ uses: z.array(SegmentUse) }),
      access: READ,
      handle: async () => ({ uses: await uses.list() }),
    }),
    defineOperation({
      name: 'segments.use',
      summary: 'Whether a segment is given out, what the guard found, who can approve it, and who did',
      method: 'GET',
      path: '/api/segments/{name}/use',
      input: z.object({ name }),
      output: SegmentUseDetail,
      access: READ,
      handle: (input, { actor }) => uses.show(input.name, actor),
    }),
    defineOperation({
      name: 'segments.approve-use',
      summary:
        'Approve that a held segment is used, with what was found in it; not by who wrote its definition',
      method: 'POST',
      path: '/api/segments/{name}/use/approval',
      input: z.object({
        name,
        reason,
        judged_at: z
          .string()
          .max(40)
          .optional()
          .describe('of the findings that you looked at; refused when there are newer ones'),
      }),
      output: SegmentUseDetail,
      access: USE,
      audit: ['name', 'reason'],
      handle: async (input, { actor }) => {
        await uses.approve(input.name, input, actor);
        return uses.show(input.name, actor);
      },
    }),
    defineOperation({
      name: 'segments.withdraw-use-approval',
      summary: 'Take back an approval: the segment is held again where nothing else covers what was found',
      method: 'POST',
      path: '/api/segments/{name}/use/withdrawal',
      input: z.object({ name, reason }),
      output: SegmentUseDetail,
      access: USE,
      audit: ['name', 'reason'],
      handle: async (input, { actor }) => {
        await uses.withdraw(input.name, input.reason, actor);
        return uses.show(input.name, actor);
      },
    }),
  ];
}
