import { z } from 'zod';
import { isMoment, momentInput } from '../../kernel/moment-input.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import type { ResolveCommands } from '../contract.ts';
import { CHANGE_CAUSES, CHANGE_KINDS } from '../graph/changes.ts';
import { CAUSES } from '../graph/unit.ts';
import { IdentityRulesBody } from '../rules/identity-rules.ts';
import type { IdentityQueries } from './identity-queries.service.ts';
import type { PreviewService } from './preview.service.ts';

const Key = z.string().regex(/^[0-9a-f]{16}$/, '16 hex digits');
const Type = z.string().min(1).max(40);
const Value = z.string().min(1).max(500);
const identifier = z.object({ type: Type, value: Value });
const time = z.string();

const nodeSchema = z.object({
  /** 16 hex digits; `edges`, `drops` and `decisions` name nodes by it. */
  node: z.string(),
  type: z.string(),
  /** Masked for readers who may not see contact data. */
  value: z.string(),
  leading: z.boolean(),
  /** Null when only an alias or a decision names it. */
  first_seen: time.nullable(),
  last_seen: time.nullable(),
  /** Events that stand at it; identifiers other than user and anonymous ids have none of their own. */
  events: z.number(),
  /** From then on anonymous events on this device are of somebody else: `twin` stands for them. */
  shared_from: time.nullable(),
  /** Another name for the later anonymous visitors of a shared device. */
  twin: z.boolean(),
  /** Seen with too many others to join anybody. */
  learned: z.boolean(),
});

const edgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  first_seen: time,
  cause: z.enum(CAUSES),
  source_id: z.string(),
  /** Of the event; of a link or a match, its detail. */
  message_id: z.string(),
  /** Different sets of identifiers that hold both. */
  observations: z.number(),
  /** Events that carry both: counted for a user id with an anonymous id, null otherwise. */
  events: z.number().nullable(),
});

const dropSchema = z.object({
  node: z.string(),
  type: z.string(),
  value: z.string(),
  /** Who it belongs to, and whom it did not join. */
  person: z.string(),
  other_person: z.string(),
  /** `limit user_id ever`, `limit anonymous_id window`, `unmerged`, `never_merge`, `shared_device`. */
  rule: z.string(),
  at: time,
  source_id: z.string(),
  message_id: z.string(),
});

const changeSchema = z.object({
  change_id: z.string(),
  at: time,
  what: z.enum(CHANGE_KINDS),
  cause: z.enum(CHANGE_CAUSES),
  rule: z.string(),
  identifiers: z.array(z.string()),
  from_person: z.string(),
  to_person: z.string(),
  nodes: z.array(z.string()),
  kept: z.array(z.string()),
  source_id: z.string(),
  message_id: z.string(),
  actor_id: z.string(),
  detail: z.string(),
});

const graphSchema = z.object({
  person: z.string(),
  leading: identifier,
  nodes: z.array(nodeSchema),
  edges: z.array(edgeSchema),
  drops: z.array(dropSchema),
  decisions: z.array(
    z.object({
      id: z.string(),
      left: z.array(z.string()),
      right: z.array(z.string()),
      at: time,
      actor_id: z.string(),
      detail: z.string(),
    }),
  ),
  /** The newest hundred that this person had a part in. */
  changes: z.array(changeSchema),
  masked: z.boolean(),
});

const refusalSchema = z.object({
  identifier,
  /** As of drops; `learned` and `blocked` join nobody at all. */
  rule: z.string(),
  /** The decision that keeps them apart, where the rule is `unmerged`. */
  unmerge: z.object({ id: z.string(), at: time, actor_id: z.string(), detail: z.string() }).nullable(),
});

const moveSchema = z.object({ node: z.string(), from: z.string(), to: z.string() });
const detail = z.string().max(500).default('');
const read = { action: 'read', object: 'identity' } as const;
const write = { action: 'write', object: 'identity' } as const;

interface Deps {
  readonly queries: IdentityQueries;
  readonly preview: PreviewService;
  readonly commands: ResolveCommands;
}

export function identityOperations(deps: Deps): readonly Operation[] {
  return [...questions(deps), ...decisions(deps)];
}

const questions = ({ queries, preview }: Deps): Operation[] => [
  defineOperation({
    name: 'identity.show',
    summary:
      'The identity graph of a person, found by any identifier; the type `person` takes a person’s id.',
    method: 'GET',
    path: '/api/identity/{type}/{value}',
    input: identifier,
    output: graphSchema,
    access: read,
    handle: async (asked, { actor }) => queries.show(asked, actor),
  }),
  defineOperation({
    name: 'identity.changes',
    summary: 'Merges, splits, drops and decisions, newest first.',
    method: 'GET',
    path: '/api/identity/changes',
    input: z.object({
      person: Key.optional(),
      what: z.enum(CHANGE_KINDS).optional(),
      cause: z.enum(CHANGE_CAUSES).optional(),
      from: momentInput.optional(),
      to: momentInput.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      /** `next` of the page before. */
      after: z
        .string()
        .regex(/^\d{1,15}-[0-9a-f]{16}$/)
        .refine((cursor) => isMoment(Number(cursor.split('-')[0])), 'must be `next` of the page before')
        .optional(),
    }),
    output: z.object({ changes: z.array(changeSchema), next: z.string().nullable(), masked: z.boolean() }),
    access: read,
    handle: async (filter, { actor }) => queries.changes(filter, actor),
  }),
  defineOperation({
    name: 'identity.rules',
    summary: 'The identity rules that run: released, or the defaults.',
    method: 'GET',
    path: '/api/identity/rules',
    input: z.object({}),
    output: z.object({
      rules: z.unknown(),
      /** Null for the built-in defaults. */
      version: z.number().nullable(),
      /** False while the graph is still being derived anew after a release. */
      applied: z.boolean(),
    }),
    access: read,
    handle: async () => queries.rules(),
  }),
  defineOperation({
    name: 'identity.blocked',
    summary: 'What does not join people: values blocked by the rules, and identifiers learnt to be shared.',
    method: 'GET',
    path: '/api/identity/blocked',
    input: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(200) }),
    output: z.object({
      /** By rule, most frequent first; an event counts once for each identifier that is blocked in it. */
      configured: z.array(z.object({ type: z.string(), rule: z.string(), events: z.number() })),
      learned: z.array(z.object({ node: z.string(), type: z.string(), value: z.string() })),
      masked: z.boolean(),
    }),
    access: read,
    handle: async ({ limit }, { actor }) => queries.blocked(limit, actor),
  }),
  defineOperation({
    name: 'identity.preview',
    summary: 'Starts a run that says which people other rules would split or join. Nothing changes.',
    method: 'POST',
    path: '/api/identity/preview',
    input: z.object({ rules: IdentityRulesBody }),
    output: z.object({ run_id: z.string() }),
    access: write,
    handle: async ({ rules }, { actor }) => ({ run_id: (await preview.start(rules, actor)).id }),
  }),
];

const decisions = ({ commands }: Deps): Operation[] => [
  defineOperation({
    name: 'identity.unmerge',
    summary:
      'Takes an identifier out of its person, or undoes a merge. What would join them again is refused.',
    method: 'POST',
    path: '/api/identity/unmerge',
    input: z.union([z.strictObject({ identifier, detail }), z.strictObject({ change_id: Key, detail })]),
    output: z.object({ moved: z.array(moveSchema) }),
    access: write,
    audit: [],
    handle: async (input, { actor }) => ({
      moved: [...(await commands.unmerge({ ...input, actor_id: actor.id })).moved],
    }),
  }),
  defineOperation({
    name: 'identity.link',
    summary: 'Says that identifiers are one person, within the rules; takes back an earlier unmerge of them.',
    method: 'POST',
    path: '/api/identity/link',
    input: z.object({ identifiers: z.array(identifier).min(2).max(20), detail }),
    output: z.object({
      person: z.string(),
      joined: z.boolean(),
      dropped: z.array(identifier),
      /** Why they are not one person; null when they are. */
      reason: refusalSchema.nullable(),
    }),
    access: write,
    audit: [],
    handle: async (input, { actor }) => {
      const linked = await commands.link({ ...input, cause: 'manual', actor_id: actor.id });
      return { ...linked, dropped: [...linked.dropped] };
    },
  }),
];
