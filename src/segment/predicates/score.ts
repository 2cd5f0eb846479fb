import { z } from 'zod';
import { NumbersSchema, ORDER_OPS, refineNumbers } from '../rules/comparison.ts';
import { definePredicate } from './predicate.ts';
import { traitTest } from './trait-test.ts';
import { compared } from './words.ts';

const body = z
  .strictObject({
    predicate: z.literal('score'),
    score: z.string().min(1).max(200).meta({ description: 'Name of a score, as a model gives it.' }),
    op: z.enum([...ORDER_OPS, 'between']),
    value: NumbersSchema,
  })
  .superRefine(refineNumbers);

export const score = definePredicate({
  name: 'score',
  title: 'Score',
  summary: 'A score that a model gave the person. Holds for nobody without one.',
  schema: body,
  compile: ({ score: name, op, value }) => traitTest(`score.${name}`, { op, value }),
  describe: (b) => `score ${b.score} ${compared(b)}`,
});
