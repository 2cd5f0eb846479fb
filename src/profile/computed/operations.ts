import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { TraitCatalogue } from './trait-catalogue.service.ts';
import { ComputedTrait, TraitName } from './trait-schema.ts';

export function traitOperations(traits: TraitCatalogue): Operation[] {
  const access = { action: 'read', object: 'traits' } as const;
  return [
    defineOperation({
      name: 'traits.list',
      summary: 'Traits that people have, with their types, how many people, and their settings.',
      method: 'GET',
      path: '/api/traits',
      input: z.object({}),
      output: z.object({ traits: z.array(TraitName) }),
      access,
      handle: async () => ({ traits: await traits.names() }),
    }),
    defineOperation({
      name: 'computed-traits.list',
      summary: 'Computed traits in production, and whether their history is counted.',
      method: 'GET',
      path: '/api/computed-traits',
      input: z.object({}),
      output: z.object({ computed_traits: z.array(ComputedTrait) }),
      access,
      handle: async () => ({ computed_traits: await traits.computed() }),
    }),
    defineOperation({
      name: 'computed-traits.preview',
      summary:
        'What a computed trait would say, before it is released: how many people, and the spread of values.',
      method: 'POST',
      path: '/api/computed-traits/preview',
      input: z.object({ name: z.string().max(100).default('preview'), body: z.unknown() }),
      output: z.object({
        people: z.number(),
        /** The ten most frequent values, JSON. */
        values: z.array(z.object({ value: z.unknown(), people: z.number() })),
        took_ms: z.number(),
      }),
      // It asks any question of what events hold, contact data too: for those who may declare a trait.
      access: { action: 'write', object: 'traits' },
      handle: ({ name, body }) => traits.preview(name, body),
    }),
  ];
}
