import { z } from 'zod';
import { defineOperation, type Operation } from '../kernel/operation.ts';
import type { DraftService } from './drafts.service.ts';
import type { ReleaseService } from './releases.service.ts';

const READ = { action: 'read', object: 'definitions' } as const;
const WRITE = { action: 'write', object: 'definitions' } as const;

const kind = z.string().describe('for example tracking-plan');
const name = z.string();
const wanted = z.object({
  kind,
  name,
  body: z.unknown().describe("checked by the kind's schema; null removes the definition"),
});
const set = {
  definitions: z.array(wanted).max(5_000),
  prune: z.boolean().optional().describe('also remove what is released and not in this list'),
};

const version = {
  version: z.number(),
  author: z.string(),
  created_at: z.string(),
  status: z.enum(['draft', 'in_review', 'released', 'retired']),
  review: z.object({
    state: z.enum(['none', 'requested', 'approved', 'rejected']),
    by: z.string().nullable(),
    at: z.string().nullable(),
  }),
};
const summary = { kind: z.string(), name: z.string(), ...version, released_version: z.number().nullable() };
const detail = z.object({
  ...summary,
  body: z.unknown(),
  versions: z.array(z.object({ ...version, body: z.unknown() })).readonly(),
});

const difference = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
const change = z.object({
  kind: z.string(),
  name: z.string(),
  change: z.enum(['create', 'update', 'remove', 'none']),
  from_version: z.number().optional(),
  diff: z.array(difference).readonly(),
});
const changes = z.array(change).readonly();

const release = z.object({
  id: z.number(),
  created_at: z.string(),
  author: z.string(),
  message: z.string(),
  changes: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        change: z.enum(['create', 'update', 'remove']),
        from_version: z.number().optional(),
        to_version: z.number().optional(),
      }),
    )
    .readonly(),
  rolled_back_from: z.number().optional().describe('on a rollback, the release that was current'),
  rolled_back_to: z.number().optional().describe('on a rollback, the release whose set this one repeats'),
});

export function draftOperations(drafts: DraftService): readonly Operation[] {
  return [
    defineOperation({
      name: 'definitions.list',
      summary: 'Definitions and the state of their newest version',
      method: 'GET',
      path: '/api/definitions',
      input: z.object({ kind: kind.optional() }),
      output: z.object({ definitions: z.array(z.object(summary)) }),
      access: READ,
      handle: async (input) => ({ definitions: await drafts.list(input.kind) }),
    }),
    defineOperation({
      name: 'definitions.get',
      summary: 'One definition with all its versions',
      method: 'GET',
      path: '/api/definitions/{kind}/{name}',
      input: z.object({ kind, name }),
      output: detail,
      access: READ,
      handle: (input) => drafts.get(input.kind, input.name),
    }),
    defineOperation({
      name: 'definitions.put',
      summary: 'Save a draft; production does not change',
      method: 'PUT',
      path: '/api/definitions/{kind}/{name}',
      input: wanted,
      output: detail,
      access: WRITE,
      handle: (input, { actor }) => drafts.put(actor, { ...input, body: input.body ?? null }),
    }),
    defineOperation({
      name: 'definitions.review',
      summary: 'Ask for a review of a version, or decide it (not as its author)',
      method: 'POST',
      path: '/api/definitions/{kind}/{name}/review',
      input: z.object({
        kind,
        name,
        decision: z.enum(['request', 'approve', 'reject']),
        version: z.number().int().min(1),
      }),
      output: detail,
      access: WRITE,
      handle: (input, { actor }) => drafts.review(actor, input),
    }),
  ];
}

export function releaseOperations(releases: ReleaseService): readonly Operation[] {
  return [
    defineOperation({
      name: 'definitions.plan',
      summary: 'What a release of these definitions would change; changes nothing',
      method: 'POST',
      path: '/api/plan',
      input: z.object(set),
      output: z.object({
        release: z.number().describe('the release that was compared with'),
        changes,
        problems: z
          .array(z.object({ kind: z.string(), name: z.string(), field: z.string(), message: z.string() }))
          .readonly(),
      }),
      access: READ,
      handle: ({ definitions, prune }) => releases.plan({ definitions: definitions.map(bodied), prune }),
    }),
    defineOperation({
      name: 'definitions.apply',
      summary: 'Make a release with these definitions',
      method: 'POST',
      path: '/api/apply',
      input: z.object({
        ...set,
        message: z.string().trim().min(1).max(1_000).describe('why, for the people after you'),
        expected_release: z
          .number()
          .int()
          .min(0)
          .optional()
          .describe('refuse when another release was made since'),
      }),
      output: z.object({ release, changes }),
      access: { action: 'write', object: 'releases' },
      handle: ({ definitions, prune, message, expected_release: expected }, { actor }) =>
        releases.apply(actor, { definitions: definitions.map(bodied), prune, message, expected }),
    }),
    defineOperation({
      name: 'releases.list',
      summary: 'Releases, newest first',
      method: 'GET',
      path: '/api/releases',
      input: z.object({ limit: z.number().int().min(1).max(1_000).default(100) }),
      output: z.object({ current: z.number(), releases: z.array(release) }),
      access: { action: 'read', object: 'releases' },
      handle: ({ limit }) => releases.list(limit),
    }),
    defineOperation({
      name: 'releases.get',
      summary: 'One release with its whole set of definitions',
      method: 'GET',
      path: '/api/releases/{id}',
      input: z.object({ id: z.number().int().min(1) }),
      output: release.extend({ definitions: z.array(wanted.extend({ version: z.number() })).readonly() }),
      access: { action: 'read', object: 'releases' },
      handle: ({ id }) => releases.get(id),
    }),
    defineOperation({
      name: 'releases.rollback',
      summary: 'Run the whole set of an earlier release again, as a new release',
      method: 'POST',
      path: '/api/releases/{id}/rollback',
      input: z.object({ id: z.number().int().min(1), message: z.string().trim().max(1_000).optional() }),
      output: z.object({ release }),
      access: { action: 'write', object: 'releases' },
      handle: async ({ id, message }, { actor }) => ({
        release: await releases.rollback(actor, id, message),
      }),
    }),
  ];
}

/** A body that was left out is no body. */
const bodied = ({ kind, name, body }: z.infer<typeof wanted>) => ({ kind, name, body: body ?? null });
