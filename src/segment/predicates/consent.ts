import { z } from 'zod';
import { definePredicate } from './predicate.ts';
import { traitTest } from './trait-test.ts';

const body = z.strictObject({
  predicate: z.literal('consent'),
  purpose: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: 'A category of consent, for example advertising.' }),
  state: z.enum(['granted', 'denied', 'unknown']),
});

export const consent = definePredicate({
  name: 'consent',
  title: 'Consent',
  summary:
    'Consent to a purpose was granted, was denied, or is unknown: nothing was ever said. Unknown is neither.',
  schema: body,
  compile({ purpose, state }) {
    const name = `$consent.${purpose}`;
    if (state === 'unknown') return traitTest(name, { op: 'missing' });
    return traitTest(name, { op: 'equals', value: state === 'granted' });
  },
  describe: ({ purpose, state }) => `consent to ${purpose} is ${state}`,
});
