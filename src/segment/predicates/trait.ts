import { z } from 'zod';
import { comparisonShape, refineComparison } from '../rules/comparison.ts';
import { definePredicate } from './predicate.ts';
import { traitTest } from './trait-test.ts';
import { compared } from './words.ts';

export const TRAIT_NAME = z.string().min(1).max(200);

const body = z
  .strictObject({
    predicate: z.literal('trait'),
    trait: TRAIT_NAME.meta({ description: 'Name of a trait or computed trait; `$…` are kept by Plumbline.' }),
    ...comparisonShape,
  })
  .superRefine(refineComparison);

export const trait = definePredicate({
  name: 'trait',
  title: 'Trait',
  summary: 'What is known of the person compared with a value: text, number, true or false, date, list.',
  schema: body,
  compile: ({ trait: name, op, value }) => traitTest(name, { op, value }),
  describe: (b) => `${b.trait} ${compared(b)}`,
});
