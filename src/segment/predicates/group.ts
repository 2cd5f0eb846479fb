import { z } from 'zod';
import { isOrIncludes, LIST_MAX } from '../rules/comparison.ts';
import { definePredicate } from './predicate.ts';
import { traitHolds, traitTest } from './trait-test.ts';
import { said } from './words.ts';

const id = z.string().min(1).max(300);

const body = z.strictObject({
  predicate: z.literal('group'),
  type: z
    .string()
    .min(1)
    .max(100)
    .default('account')
    .meta({ description: 'Type of group, for example account.' }),
  ids: z
    .array(id)
    .min(1)
    .max(LIST_MAX)
    .optional()
    .meta({ description: 'One of these. Left out: whichever group.' }),
});

export const group = definePredicate({
  name: 'group',
  title: 'Belongs to a group',
  summary: 'Belongs to a group or account of a type: to any, or to one of those listed.',
  schema: body,
  compile({ type, ids }) {
    const name = `group.${type}`;
    if (ids === undefined) return traitTest(name, { op: 'exists' });
    return traitHolds(name, isOrIncludes(ids));
  },
  describe: ({ type, ids }) => (ids === undefined ? `in any ${type}` : `in ${type} ${said(ids)}`),
});
