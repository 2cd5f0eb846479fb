import { z } from 'zod';

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

/** One person as the API shows one. */
export const Profile = z.object({
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

export const Found = z.object({
  person: z.string(),
  /** Leading identifier. */
  identifier: IdentifierView,
  name: z.string(),
  /** Where the text was found: an identifier type or a trait; empty in the list of people last seen. */
  matched: z.string(),
  last_seen: z.string().nullable(),
  events: z.number().nullable(),
});

export const TimelineEvent = z.object({
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

export type ProfileView = z.infer<typeof Profile>;
export type FoundView = z.infer<typeof Found>;
export type TimelineView = z.infer<typeof TimelineEvent>;
export type TraitView = z.infer<typeof Trait>;
export type ComputedView = z.infer<typeof Computed>;
export type IdentifierShown = z.infer<typeof IdentifierView>;
