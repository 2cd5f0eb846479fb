/** What the API says of sets of segments of which a person may be in one only. */
import { z } from 'zod';
import { POLICIES } from './precedence.ts';

const share = z.number().min(0).max(1).nullable();
/** What small-cells.ts leaves out for those who may not see people. */
const few = z.number().nullable().describe('null: fewer than 10, and the role sees no people');

export const SegmentSetSummary = z.object({
  name: z.string(),
  description: z.string(),
  policy: z.enum(POLICIES),
  members: z.array(z.string()),
  version: z.number(),
});

export const SegmentSet = SegmentSetSummary.extend({
  people: few.describe('in at least one member; all numbers are of them'),
  not_counted: z
    .object({ combinations: z.number(), people: few })
    .describe(
      'people in rarer combinations of members than the 10,000 most frequent: in none of the numbers',
    ),
  conflicts: few.describe('in more than one'),
  none: few.describe('people whose conflict leaves them in none'),
  members_now: z.array(
    z.object({
      segment: z.string(),
      within: z.string().nullable(),
      value: z.number().nullable(),
      before: few.describe('members'),
      after: few.describe('members that the set leaves it'),
      lost_to: z.array(z.object({ segment: z.string(), people: few })),
    }),
  ),
  overlaps: z
    .array(z.object({ segments: z.array(z.string()), people: z.number() }))
    .describe('combinations with two or more members, largest first'),
  overlaps_left_out: z.number().describe('of fewer than 10 people, for roles that see no people'),
  seen_days: z.number().describe('fallbacks are counted over people with an event in so many days'),
  cold_start: z
    .array(z.object({ segment: z.string(), people: few, share }))
    .describe('people in no member who were seen in `seen_days`, by the fallback that catches them'),
  uncaught: few.describe('people in no member who were seen in `seen_days`, whom no fallback catches'),
});

export const SetDecision = z.object({
  set: z.string(),
  person: z.string().nullable(),
  segment: z.string().nullable(),
  path: z.array(z.string()).describe('from the outermost member to the decided one'),
  by: z.enum([
    'only_member',
    'priority',
    'largest_value',
    'most_recent',
    'conflict',
    'cold_start',
    'nothing',
  ]),
  why: z.string(),
  memberships: z.array(z.object({ segment: z.string(), since: z.string() })),
  held: z
    .array(z.string())
    .describe('members that the person is in and that do not count: they are not given out for use'),
});
