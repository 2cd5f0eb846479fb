import { z } from 'zod';
import { type Actor, defineOperation, type Operation } from '../../kernel/operation.ts';
import { RfmSettings } from '../discover/rfm-settings.ts';
import type { SensitivityGuard } from './sensitivity.service.ts';
import {
  coarseExclusion,
  coarseLift,
  coarseMessageTest,
  coarseOverlap,
  coarseRetention,
} from './small-cells.ts';
import type { Validation } from './validation.service.ts';
import {
  ExclusionCheck,
  Lift,
  ListComparison,
  MessageTest,
  OverlapMatrix,
  Retention,
  SensitivityReport,
} from './validation-output.ts';

export const PEOPLE = { action: 'read', object: 'segment-members' } as const;
const READ = { action: 'read', object: 'segments' } as const;
const name = z.string().min(1).max(200).describe('of the segment; a slash in it is written %2F in a path');
const event = z.string().min(1).max(200);
const days = (usual: number) => z.coerce.number().int().min(1).max(365).default(usual);
const { order_event, revenue, order_id, refund_event, refund } = RfmSettings.shape;

export function validationOperations(
  validation: Validation,
  guard: SensitivityGuard,
  seesPeople: (actor: Actor) => boolean,
): Operation[] {
  /** What is asked for, less small numbers for those who see no people. */
  const shown = async <T>(answer: Promise<T>, actor: Actor, coarse: (answer: T) => T): Promise<T> =>
    seesPeople(actor) ? await answer : coarse(await answer);
  return [
    defineOperation({
      name: 'segment-validation.list',
      summary:
        'Hold a segment against a list: precision, recall, who is missing and which predicate failed them',
      method: 'POST',
      path: '/api/segments/{name}/validation/list',
      input: z.object({
        name,
        lines: z
          .string()
          .min(1)
          .max(4_000_000)
          .describe('identifiers as `type:value`, one a line; nothing of it is kept'),
      }),
      output: ListComparison,
      access: PEOPLE,
      audit: ['name'],
      handle: (input) => validation.withList(input.name, input.lines),
    }),
    defineOperation({
      name: 'segment-validation.overlap',
      summary: 'How many people segments share, pair by pair',
      method: 'POST',
      path: '/api/segment-overlap',
      input: z.object({ segments: z.array(name).min(2).max(30) }),
      output: OverlapMatrix,
      access: READ,
      handle: ({ segments }, { actor }) => shown(validation.overlap(segments), actor, coarseOverlap),
    }),
    defineOperation({
      name: 'segment-validation.lift',
      summary: 'Whether members do something more often than others, with intervals',
      method: 'GET',
      path: '/api/segments/{name}/validation/lift',
      input: z.object({ name, event, days: days(30) }),
      output: Lift,
      access: READ,
      handle: (input, { actor }) =>
        shown(validation.lift(input.name, input.event, input.days), actor, coarseLift),
    }),
    defineOperation({
      name: 'segment-validation.message-test',
      summary: 'Whether the parts of a segment answer the variants of a message alike',
      method: 'POST',
      path: '/api/segments/{name}/validation/message-test',
      input: z.object({
        name,
        exposure: event.describe('the event of somebody seeing a variant'),
        variant: z
          .string()
          .min(1)
          .max(200)
          .default('variant')
          .describe('path of the variant in its properties'),
        conversion: event,
        days: days(7).describe('between seeing and converting'),
        window_days: days(90),
        split_by: z.string().min(1).max(200).optional().describe('trait that cuts the segment into parts'),
      }),
      output: MessageTest,
      access: READ,
      handle: ({ name: segment, ...test }, { actor }) =>
        shown(validation.messageTest(segment, test), actor, coarseMessageTest),
    }),
    defineOperation({
      name: 'segment-validation.retention',
      summary: 'Of those who entered in a week, how many were active in the weeks after',
      method: 'GET',
      path: '/api/segments/{name}/validation/retention',
      input: z.object({
        name,
        event: event.optional(),
        weeks: z.coerce.number().int().min(1).max(52).default(8),
      }),
      output: Retention,
      access: READ,
      handle: (input, { actor }) =>
        shown(validation.retention(input.name, input.event, input.weeks), actor, coarseRetention),
    }),
    defineOperation({
      name: 'segment-validation.exclusion',
      summary: 'What revenue leaving a segment out would drop, and who is away only briefly',
      method: 'POST',
      path: '/api/segments/{name}/validation/exclusion',
      input: z.object({
        name,
        days: days(90),
        inactive_days: days(30),
        tolerance: z
          .number()
          .min(0)
          .max(1)
          .default(0.01)
          .describe('share of the revenue that may be dropped'),
        order_event,
        revenue,
        order_id,
        refund_event,
        refund,
      }),
      output: ExclusionCheck,
      access: READ,
      handle: ({ name: segment, ...input }, { actor }) =>
        shown(validation.exclusion(segment, input), actor, coarseExclusion),
    }),
    defineOperation({
      name: 'segment-validation.sensitivity',
      summary: 'Whether a segment uses or gives away what is sensitive, and so needs an approval',
      method: 'GET',
      path: '/api/segments/{name}/validation/sensitivity',
      input: z.object({ name }),
      output: SensitivityReport,
      access: READ,
      handle: (input) => guard(input.name),
    }),
  ];
}
