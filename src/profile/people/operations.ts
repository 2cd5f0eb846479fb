import { z } from 'zod';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import { seesContacts } from './mask.ts';
import type { PeopleService } from './people.service.ts';

/** Any JSON value. */
const Json = z.unknown();

const IdentifierView = z.object({
  type: z.string(),
  value: z.string(),
  /** Shortened, because the reader's role does not see contact data. */
  masked: z.boolean(),
});

const Trait = z.object({
  name: z.string(),
  value: Json,
  masked: z.boolean(),
  /** ISO 8601 UTC: when it was said. */
  at: z.string(),
  age_days: z.number(),
  source_id: z.string(),
  /** `said` by a source, `kept` by Plumbline from the context of events (`$…`), or a `group` id. */
  origin: z.enum(['said', 'kept', 'group']),
  label: z.string(),
  unit: z.string(),
  sensitive: z.boolean(),
  /** Null: never goes stale. */
  fresh_for_days: z.number().nullable(),
  stale: z.boolean(),
});

const Computed = z.object({
  name: z.string(),
  /** Null while it is computed for the first time, or when no event counts. */
  value: Json,
  masked: z.boolean(),
  at: z.string().nullable(),
  calc: z.string(),
  label: z.string(),
  unit: z.string(),
  state: z.enum(['ready', 'computing']),
  fresh_for_days: z.number().nullable(),
  stale: z.boolean(),
});

const Profile = z.object({
  /** 16 hex digits. */
  person: z.string(),
  nodes: z.array(z.string()),
  identifiers: z.array(IdentifierView),
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
  traits: z.array(Trait),
  computed: z.array(Computed),
  groups: z.array(
    z.object({
      type: z.string(),
      id: z.string(),
      since: z.string(),
      traits: z.record(z.string(), Json),
    }),
  ),
  /** Purposes that were said something about; the others are unknown, which is not a yes. */
  consent: z.array(z.object({ purpose: z.string(), granted: z.boolean(), since: z.string() })),
  sessions: z.object({
    sessions: z.number(),
    pages: z.number(),
    first_at: z.string().nullable(),
    last_at: z.string().nullable(),
    last_campaign: z.string(),
    /** True when only the newest thousand were counted. */
    more: z.boolean(),
  }),
  segments: z.array(z.string()),
});

const Found = z.object({
  person: z.string(),
  /** Leading identifier. */
  identifier: IdentifierView,
  name: z.string(),
  /** Where the text was found: an identifier type or a trait; empty in the list of people last seen. */
  matched: z.string(),
  last_seen: z.string().nullable(),
  events: z.number().nullable(),
});

const TimelineEvent = z.object({
  position: z.number(),
  message_id: z.string(),
  /** The identifier that it stands at, 16 hex digits. */
  node: z.string(),
  source_id: z.string(),
  type: z.string(),
  event: z.string(),
  timestamp: z.string(),
  received_at: z.string(),
  user_id: z.string(),
  anonymous_id: z.string(),
  group_id: z.string(),
  properties: Json,
  traits: Json,
  context: Json,
  bot: z.boolean(),
});

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

export type ProfileView = z.infer<typeof Profile>;
export type FoundView = z.infer<typeof Found>;
export type TimelineView = z.infer<typeof TimelineEvent>;
export type TraitView = z.infer<typeof Trait>;
export type ComputedView = z.infer<typeof Computed>;
export type IdentifierShown = z.infer<typeof IdentifierView>;
