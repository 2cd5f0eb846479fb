import { z } from 'zod';
import { seesContacts } from '../../kernel/contacts.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { PeopleService } from './people.service.ts';
import { Found, Profile, TimelineEvent } from './profile-schema.ts';

const key = z
  .string()
  .min(3)
  .max(600)
  .describe('`type:value`, as `email:ada@example.com`, or `person:` and 16 hex digits');

export function peopleOperations(people: PeopleService): Operation[] {
  const access = { action: 'read', object: 'profiles' } as const;
  return [
    defineOperation({
      name: 'profiles.list',
      summary:
        'People by identifier (whole), or by the beginning of name or e-mail; without a question those last seen.',
      method: 'GET',
      path: '/api/profiles',
      input: z.object({
        q: z.string().max(300).default(''),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        offset: z.coerce.number().int().min(0).max(10_000).default(0),
      }),
      output: z.object({ people: z.array(Found), more: z.boolean() }),
      access,
      handle: (ask, { actor }) => people.search(ask, seesContacts(actor)),
    }),
    defineOperation({
      name: 'profiles.show',
      summary:
        'One person: traits with age and source, computed traits, groups, consent, sessions, segments.',
      method: 'GET',
      path: '/api/profiles/{key}',
      input: z.object({ key }),
      output: Profile,
      access,
      handle: ({ key }, { actor }) => people.show(key, seesContacts(actor)),
    }),
    defineOperation({
      name: 'profiles.timeline',
      summary: 'Events of one person under all identifiers, newest first.',
      method: 'GET',
      path: '/api/profiles/{key}/timeline',
      input: z.object({
        key,
        event: z.string().max(512).optional(),
        type: z.enum(['track', 'page', 'screen', 'identify', 'group', 'alias']).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
        /** `next` of the page before. */
        cursor: z.string().max(60).optional(),
      }),
      output: z.object({ person: z.string(), events: z.array(TimelineEvent), next: z.string().nullable() }),
      access,
      handle: ({ key, ...ask }, { actor }) => people.timeline(key, ask, seesContacts(actor)),
    }),
    defineOperation({
      name: 'profiles.export',
      summary:
        'Everything that is kept about one person, unmasked: profile and events, oldest left out past a limit.',
      method: 'GET',
      path: '/api/profiles/{key}/export',
      input: z.object({ key, events_max: z.coerce.number().int().min(0).max(100_000).default(10_000) }),
      output: z.object({ profile: Profile, events: z.array(TimelineEvent), more_events: z.boolean() }),
      access: { action: 'write', object: 'profiles' },
      audit: ['events_max'],
      handle: ({ key, events_max }) => people.exported(key, events_max),
    }),
  ];
}
