/** The body of a `segment` definition, as a team writes it. */
import { z } from 'zod';
import { inWords } from '../../kernel/in-words.ts';
import { issuesAt, parseRule, type Rule, type RuleProblem } from './rule.ts';

export const EVERY = ['stream', 'hour', 'day', 'week', 'manual'] as const;
export type Every = (typeof EVERY)[number];

const text = (max: number) => z.string().trim().min(1).max(max);

const head = z.strictObject({
  label: text(200),
  description: z.string().max(2_000).default(''),
  owner: text(200).meta({ description: 'Who answers for it: a person or a team.' }),
  purpose: text(200).meta({ description: 'What it is used for, for example advertising.' }),
  teams: z
    .array(text(100))
    .max(50)
    .default([])
    .meta({ description: 'Who uses it: for information, access goes by role.' }),
  sensitivity: z
    .enum(['normal', 'sensitive'])
    .default('normal')
    .meta({ description: 'sensitive: an approval is needed before it is used.' }),
  refresh: z.strictObject({ every: z.enum(EVERY).default('stream') }).default({ every: 'stream' }),
  exclude_bots: z.boolean().default(true),
  // Read by parseRule, absent or not.
  rule: z.unknown().optional(),
});

export type SegmentBody = Omit<z.infer<typeof head>, 'rule'> & { readonly rule: Rule };

export type ParsedSegment =
  | { readonly is: 'segment'; readonly body: SegmentBody }
  | { readonly is: 'refused'; readonly problems: readonly RuleProblem[] };

export function parseSegment(body: unknown): ParsedSegment {
  const parsed = head.safeParse(body, { error: inWords });
  const rule = parseRule((body as { rule?: unknown } | null)?.rule);
  const problems = [
    ...(parsed.success ? [] : issuesAt(parsed.error, '')),
    ...(rule.is === 'refused' ? rule.problems : []),
  ];
  if (!parsed.success || rule.is === 'refused') return { is: 'refused', problems };
  return { is: 'segment', body: { ...parsed.data, rule: rule.rule } };
}
