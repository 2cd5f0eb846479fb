/** What the API says of the use of segments. */
import { z } from 'zod';
import { SensitivityReport } from '../validate/validation-output.ts';

export const UseSummary = z.object({
  state: z
    .enum(['pending', 'free', 'approved', 'held'])
    .describe(
      'free: nothing sensitive was found; approved: what was found is covered by an approval; held and pending: it is not given out',
    ),
  reasons: z
    .array(z.string())
    .readonly()
    .describe('why it is held or pending; each begins with `needs approval because`'),
});

export const SegmentUse = UseSummary.extend({ segment: z.string() });
export type SegmentUse = z.infer<typeof SegmentUse>;

const Approval = z.object({
  id: z.string(),
  definition_version: z.number(),
  fields: z.array(z.string()).describe('that were found when it was given'),
  reason: z.string(),
  approved_at: z.string(),
  approver_name: z.string(),
  covers: z.boolean().describe('stands, and is about the rule and the purpose of today'),
  withdrawn_at: z.string().nullable(),
  withdrawn_by_name: z.string().nullable(),
  withdrawn_reason: z.string().nullable(),
});

const { findings, unchecked } = SensitivityReport.shape;

export const SegmentUseDetail = SegmentUse.extend({
  findings: z.array(findings.element.extend({ covered: z.boolean() })),
  checked: z.array(z.string()).describe('sensitive traits that were looked at'),
  unchecked: unchecked.describe('sensitive traits that could not be judged; they hold nothing'),
  judged_at: z.string().nullable(),
  definition: z.object({ kind: z.string(), name: z.string(), version: z.number(), author: z.string() }),
  may_approve: z.boolean().describe('whether whoever asks may approve it now'),
  why_not: z.string().nullable(),
  who_can_approve: z.string(),
  approvals: z.array(Approval).describe('newest first, withdrawn ones too'),
});
export type SegmentUseDetail = z.infer<typeof SegmentUseDetail>;
