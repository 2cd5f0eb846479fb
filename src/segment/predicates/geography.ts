import { z } from 'zod';
import { LIST_MAX } from '../rules/comparison.ts';
import { definePredicate } from './predicate.ts';
import { allOf, traitTest } from './trait-test.ts';
import { compared } from './words.ts';

const PLACES = ['country', 'region', 'city', 'timezone', 'locale'] as const;
const names = z.array(z.string().min(1).max(200)).min(1).max(LIST_MAX).optional();

const body = z
  .strictObject({
    predicate: z.literal('geography'),
    country: names.meta({ description: 'Any of these, as events say it: DE or Germany.' }),
    region: names,
    city: names,
    timezone: names,
    locale: names,
  })
  .refine((b) => PLACES.some((place) => b[place] !== undefined), `name one of ${PLACES.join(', ')}`);

export const geography = definePredicate({
  name: 'geography',
  title: 'Where they are',
  summary: 'Country, region, city, time zone and locale, as last seen; of each kind one of those listed.',
  schema: body,
  compile: (b) =>
    allOf(
      PLACES.flatMap((place) =>
        b[place] === undefined ? [] : [traitTest(`$${place}`, { op: 'in', value: b[place] })],
      ),
    ),
  describe: (b) =>
    PLACES.flatMap((place) =>
      b[place] === undefined ? [] : [`${place} ${compared({ op: 'in', value: b[place] })}`],
    ).join(', '),
});
