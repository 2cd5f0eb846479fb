/** The body of the definition `identity-rules` named `default`: which identifiers there are and what they may join. */
import { z } from 'zod';
import { NORMALISERS } from './normalise.ts';

const TypeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores, from a letter on');

const Path = z
  .string()
  .regex(
    /^(user_id|anonymous_id|(traits|properties|context)(\.[A-Za-z0-9_$-]{1,60}){1,5})$/,
    'user_id, anonymous_id, or a path such as traits.email or context.device.id',
  );

const Limit = z.strictObject({
  /** So many different values one person may have at most; null for any number. */
  ever: z.number().int().min(1).max(10_000).nullable().default(null),
  /** So many new values within the days at most. */
  window: z
    .strictObject({ count: z.number().int().min(1).max(10_000), days: z.number().int().min(1).max(3_650) })
    .nullable()
    .default(null),
});

const TypeBody = z.strictObject({
  type: TypeName,
  /** Where it stands in an event. `context.externalIds` are always read: items whose `type` is this one. */
  paths: z.array(Path).max(20).default([]),
  normalise: z.enum(NORMALISERS).default('none'),
  limit: Limit.default({ ever: null, window: null }),
  /** False: it belongs to a person and finds one, but never joins two. */
  merges: z.boolean().default(true),
  blocked: z.array(z.string().min(1).max(500)).max(10_000).default([]),
  blocked_patterns: z.array(z.string().min(1).max(500)).max(100).default([]),
  /** Made from another type as well: the SHA-256 of its values. */
  hash_of: TypeName.optional(),
});

export const IdentityRulesBody = z.strictObject({
  /** In order of priority: the first leads, the last is given up first. */
  identifiers: z.array(TypeBody).min(1).max(50),
  /** Calling code of phone numbers that come without one, `49`; empty for none. */
  phone_country_code: z
    .string()
    .regex(/^\d{0,3}$/)
    .default(''),
  /**
   * What senders write when they know nobody (`null`, `guest`, zeros) is never an identifier. False takes it as one, except
   * for user and anonymous ids: events never stand at such an id.
   */
  block_junk: z.boolean().default(true),
  /** An identifier seen together with more different ones than this stops joining people. */
  learned: z
    .strictObject({
      user_ids: z.number().int().min(2).max(10_000).default(50),
      others: z.number().int().min(10).max(10_000).default(1_000),
    })
    .default({ user_ids: 50, others: 1_000 }),
});

export type IdentityRules = z.infer<typeof IdentityRulesBody>;
export type IdentifierRule = IdentityRules['identifiers'][number];

/** What runs when nothing is released. */
export const DEFAULT_RULES: IdentityRules = IdentityRulesBody.parse({
  identifiers: [
    { type: 'user_id', paths: ['user_id'], limit: { ever: 1 } },
    { type: 'crm_id', paths: ['traits.crm_id', 'context.traits.crm_id'], limit: { ever: 5 } },
    { type: 'loyalty_id', paths: ['traits.loyalty_id', 'context.traits.loyalty_id'], limit: { ever: 5 } },
    {
      type: 'email',
      paths: ['traits.email', 'context.traits.email', 'properties.email'],
      normalise: 'email',
      limit: { ever: 5 },
    },
    {
      type: 'phone',
      paths: ['traits.phone', 'context.traits.phone', 'properties.phone'],
      normalise: 'phone',
      limit: { ever: 5 },
    },
    { type: 'email_sha256', normalise: 'sha256', limit: { ever: 5 } },
    { type: 'phone_sha256', normalise: 'sha256', limit: { ever: 5 } },
    { type: 'device_id', paths: ['context.device.id'], limit: { ever: 50 } },
    { type: 'anonymous_id', paths: ['anonymous_id'], limit: { window: { count: 25, days: 7 } } },
  ],
});
