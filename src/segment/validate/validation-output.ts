/** What the API says when a segment is held against something else. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What small-cells.ts leaves out for those who may not see people. */
const few = z.number().nullable().describe('null: fewer than 10, and the role sees no people');
const few_share = share.nullable();

/** An estimate between its 95 % bounds; `value` is null when there is nothing to estimate it from. */
export const Interval = z.object({ value: z.number().nullable(), low: z.number(), high: z.number() });

export const Failed = z.object({
  path: z.string().describe('place in the rule, for example `all[1]`'),
  predicate: z.string().describe('in words, after `has` when a `not` makes it keep people out'),
  people: z.number(),
});

export const OnePerson = z.object({
  person: z.string().describe('16 hex digits'),
  identifier: z.string().nullable().describe('as uploaded; null for people that are not on the list'),
  why: z
    .array(z.object({ path: z.string(), predicate: z.string() }))
    .describe('parts of the rule that keep them out (missing) or in (extra); under a `not` it is turned'),
});

export const ListComparison = z.object({
  segment: z.string(),
  lines: z.object({
    given: z.number(),
    known: z.number().describe('lines whose identifier belongs to a person'),
    unknown: z.number().describe('nobody has this identifier'),
    rejected: z.array(z.object({ line: z.number(), reason: z.string() })).describe('the first 100'),
    rejected_count: z.number(),
    duplicates: z.number().describe('lines of a person who is on the list already'),
  }),
  people_listed: z.number(),
  people_in_segment: z.number(),
  people_in_both: z.number(),
  precision: Interval.describe('share of the segment that is on the list'),
  recall: Interval.describe('share of the listed people that are in the segment'),
  recall_with_unknown: Interval.describe('the same, when identifiers that nobody has count as missed people'),
  missing: z.object({
    people: z.number(),
    why: z
      .array(Failed)
      .nullable()
      .describe('which part keeps how many of those explained out; null when no rule decides'),
    explained: z.number(),
    holds_now: z.number().describe('of those explained: the rule takes them, the next refresh brings them'),
    sample: z.array(OnePerson),
  }),
  extra: z.object({
    people: z.number(),
    sample: z.array(OnePerson),
  }),
});

export const OverlapMatrix = z.object({
  segments: z.array(z.object({ segment: z.string(), people: z.number() })),
  pairs: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      both: few,
      jaccard: few_share,
      share_of_a: few_share,
      share_of_b: few_share,
      words: z.string().describe('for example `nearly the same people` or `a is inside b`'),
    }),
  ),
});

const Side = z.object({ people: few, converted: few, rate: Interval });

export const Lift = z.object({
  segment: z.string(),
  event: z.string(),
  window: z.object({ from: z.string(), to: z.string() }),
  inside: Side.describe('members since before the window'),
  outside: Side.describe('everybody else who was seen before the end of the window'),
  difference: Interval,
  ratio: Interval.describe('rate inside / rate outside'),
  left_out: z
    .number()
    .nullable()
    .describe('members who came during the window: what made them members may be the event'),
  distinct: z.enum(['higher', 'lower', 'no difference shown', 'no data yet', 'withheld']),
  words: z.string(),
});

export const MessageTest = z.object({
  segment: z.string(),
  window: z.object({ from: z.string(), to: z.string() }),
  variants: z.array(z.object({ variant: z.string(), inside: Side, outside: Side })),
  best_inside: z.string().nullable().describe('shown to be better than every other one, else null'),
  best_outside: z.string().nullable(),
  pure: z
    .boolean()
    .nullable()
    .describe('parts of the segment agree on the best variant; null when that cannot be said'),
  parts: z.array(
    z.object({
      part: z.string(),
      people: few,
      best: z.string().nullable(),
      lead: Interval.describe(
        'of the best rate over the variant that it is hardest to tell from, at 95 % for all comparisons together',
      ),
    }),
  ),
  heterogeneity_p: z.number().nullable().describe('of equal answers to the variants in all parts'),
  warnings: z.array(z.string()),
  words: z.string(),
});

export const Retention = z.object({
  segment: z.string(),
  event: z.string().nullable(),
  cohorts: z.array(
    z.object({
      week: z.string().describe('Monday of the week of entry'),
      put_in: z
        .boolean()
        .describe('when the segment was worked out first or under another rule: not in the total'),
      people: z.number(),
      weeks: z
        .array(z.object({ week: z.number(), active: few, rate: Interval }))
        .describe('whole weeks after entry only'),
    }),
  ),
  total: z.array(z.object({ week: z.number(), people: z.number(), active: few, rate: Interval })),
  cohorts_left_out: z.number().describe('of fewer than 10 people, for roles that see no people'),
});

export const ExclusionCheck = z.object({
  segment: z.string(),
  window: z.object({ from: z.string(), to: z.string(), days: z.number() }),
  people: z.number(),
  buyers: few,
  revenue: z
    .number()
    .nullable()
    .describe('net revenue of the excluded people in the window; null: of fewer than 10 buyers'),
  revenue_share: few_share.describe('of everybody’s net revenue in the window'),
  expected: Interval.describe(
    'net revenue of the next window of the same length, if they go on at their rate of up to a year; whoever is known for less than the window is expected to bring what they brought so far',
  ),
  short_history: few.describe('buyers among them who are known for less than the window'),
  inactive: few.describe('without an event for `inactive_days`'),
  briefly_inactive: few.describe('inactive, but within twice their own usual pause'),
  briefly_inactive_revenue: z.number().nullable().describe('net revenue in the window of those'),
  verdict: z.enum(['drops value', 'drops little', 'too few to say', 'nothing known']),
  words: z.string(),
});

export const SensitivityReport = z.object({
  segment: z.string(),
  needs_approval: z.boolean(),
  findings: z.array(
    z.object({
      kind: z.enum(['uses', 'predicts']),
      field: z.string(),
      about: z.string().describe('health, religion, income, …'),
      measure: z.enum(['auc', 'cramers_v']).nullable(),
      strength: Interval.nullable(),
      reason: z.string().describe('begins with `needs approval because`'),
    }),
  ),
  checked: z.object({ fields: z.number(), traits: z.array(z.string()) }),
  unchecked: z.array(z.object({ trait: z.string(), reason: z.string() })),
});
