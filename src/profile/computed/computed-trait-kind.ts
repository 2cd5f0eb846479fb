import { z } from 'zod';
import { EVENT_TYPES } from '../../collect/contract.ts';
import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { isTraitName } from '../state/register.ts';
import { Condition } from './conditions.ts';
import { CALCULATIONS } from './index.ts';
import { sqlProblem } from './sql-trait.ts';

export const COMPUTED_TRAIT_KIND = 'computed-trait';

const texts = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(50)]);

const told = {
  description: z.string().max(500).default(''),
  label: z.string().max(100).default(''),
  unit: z.string().max(20).default(''),
};

const FromEvents = z.strictObject({
  ...told,
  calc: z.enum([...CALCULATIONS.keys()] as [string, ...string[]]),
  /** Which events count: by name, by type, or both. */
  of: z.strictObject({
    event: texts.optional(),
    type: z.union([z.enum(EVENT_TYPES), z.array(z.enum(EVENT_TYPES)).min(1)]).optional(),
    where: z.array(Condition).max(20).default([]),
  }),
  /** `revenue`, `product.price`, `context.page.path`. */
  property: z.string().min(1).max(200).optional(),
  /** Only the last so many days (UTC), today included; all of them when left out. */
  window_days: z.number().int().min(1).max(400).optional(),
  /** Events of suspected bots count too. */
  bots: z.boolean().default(false),
});

const FromSql = z.strictObject({
  ...told,
  calc: z.literal('sql'),
  /** One SELECT with the columns `person` and `value`; `{person}` and `{events}` stand for what they say. */
  sql: z.string().min(10).max(10_000),
  /** Runs again after so many hours. */
  every_hours: z.number().min(1).max(720).default(24),
});

export const ComputedTraitBody = z.union([FromEvents, FromSql]);
export type FromEvents = z.infer<typeof FromEvents>;
export type FromSql = z.infer<typeof FromSql>;

/** A union names no field; the part that the body means does. */
const schemaFor = (body: unknown) =>
  typeof body === 'object' && body !== null && 'calc' in body && body.calc === 'sql' ? FromSql : FromEvents;

export const computedTraitKind: DefinitionKind = {
  kind: COMPUTED_TRAIT_KIND,
  summary:
    'A trait made of events: count, sum, first, most frequent, days since …, kept up to date with every event.',
  check(body, name) {
    const problems: { field: string; message: string }[] = [];
    if (!isTraitName(name))
      problems.push({
        field: 'name',
        message: 'Up to 100 characters; not $…, group.… or score.…, which are kept names.',
      });
    const parsed = schemaFor(body).safeParse(body, { error: inWords });
    if (!parsed.success) return [...problems, ...fieldIssues(parsed.error)];
    return [
      ...problems,
      ...(parsed.data.calc === 'sql'
        ? sqlProblems(parsed.data as FromSql)
        : eventProblems(parsed.data as FromEvents)),
    ];
  },
};

function eventProblems({ of, calc, property }: FromEvents): { field: string; message: string }[] {
  const problems: { field: string; message: string }[] = [];
  if (of.event === undefined && of.type === undefined)
    problems.push({ field: 'of', message: 'Name the events that count: `event`, `type`, or both.' });
  const needs = CALCULATIONS.get(calc)?.needs ?? 'none';
  if (needs !== 'none' && property === undefined)
    problems.push({ field: 'property', message: `${calc} needs the property that it is made of.` });
  if (needs === 'none' && property !== undefined)
    problems.push({
      field: 'property',
      message: `${calc} counts events: take \`property\` away, or set a condition under \`of.where\`.`,
    });
  return problems;
}

function sqlProblems({ sql }: FromSql): { field: string; message: string }[] {
  const problem = sqlProblem(sql);
  return problem === undefined ? [] : [{ field: 'sql', message: problem }];
}
