/** What the API says of sets of segments of which a person may be in one only. */
import { z } from 'zod';
import { POLICIES } from './precedence.ts';

const share = z.number().min(0).max(1);

export const SegmentSetSummary = z.object({
  name: z.string(),
  description: z.string(),
  policy: z.enum(POLICIES),
  members: z.array(z.string()),
  version: z.number(),
});

export const SegmentSet = SegmentSetSummary.extend({
  people: z.number().describe('in at least one member; all numbers are of them'),
  not_counted: z
    .object({ combinations: z.number(), people: z.number() })
    .describe(
      'people in rarer combinations of members than the 10,000 most frequent: in none of the numbers',
    ),
  conflicts: z.number().describe('in more than one'),
  none: z.number().describe('people whose conflict leaves them in none'),
  members_now: z.array(
    z.object({
      segment: z.string(),
      within: z.string().nullable(),
      value: z.number().nullable(),
      before: z.number().describe('members'),
      after: z.number().describe('members that the set leaves it'),
      lost_to: z.array(z.object({ segment: z.string(), people: z.number() })),
    }),
  ),
  overlaps: z
    .array(z.object({ segments: z.array(z.string()), people: z.number() }))
    .describe('combinations with two or more members, largest first'),
  cold_start: z
    .array(z.object({ segment: z.string(), people: z.number(), share }))
    .describe('people in no member, by the fallback that catches them'),
  uncaught: z.number().describe('people in no member whom no fallback catches'),
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
