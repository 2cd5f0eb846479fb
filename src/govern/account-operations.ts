import { z } from 'zod';
import { defineOperation, type Operation } from '../kernel/operation.ts';
import type { PersonalField } from '../kernel/stage.ts';
import type { AuditService } from './audit.service.ts';
import { ROLES } from './contract.ts';
import type { TokenService } from './tokens.service.ts';
import type { UserService } from './users.service.ts';

const roles = z.array(z.enum(ROLES)).min(1).describe('admin includes editor, editor includes viewer');
const name = z.string().trim().min(1).max(100);
const password = z.string().max(1_024).describe('12 characters or more');

const user = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)).readonly(),
  enabled: z.boolean(),
  password_set: z.boolean(),
  created_at: z.string(),
  last_sign_in_at: z.string().nullable(),
});

const token = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)).readonly(),
  created_by: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

const auditEntry = z.object({
  id: z.number(),
  at: z.string(),
  actor_id: z.string(),
  actor_name: z.string(),
  actor_kind: z.string(),
  action: z.string(),
  object: z.string(),
  details: z.record(z.string(), z.unknown()),
});

const personalField = z.object({
  field: z.string(),
  category: z.string(),
  purposes: z.array(z.string()).readonly(),
  lawful_basis: z.string(),
  retention_days: z.number().nullable(),
  sensitive: z.boolean(),
});

const done = z.object({ ok: z.literal(true) });

export function userOperations(users: UserService): readonly Operation[] {
  return [
    defineOperation({
      name: 'users.list',
      summary: 'Accounts that may sign in',
      method: 'GET',
      path: '/api/users',
      input: z.object({}),
      output: z.object({ users: z.array(user) }),
      access: { action: 'read', object: 'users' },
      handle: async () => ({ users: await users.list() }),
    }),
    defineOperation({
      name: 'users.create',
      summary: 'Add an account',
      method: 'POST',
      path: '/api/users',
      input: z.object({ name, roles, password }),
      output: z.object({ user }),
      access: { action: 'write', object: 'users' },
      handle: async (input, { actor }) => ({ user: await users.create(actor, input) }),
    }),
    defineOperation({
      name: 'users.update',
      summary: 'Rename an account, change its roles, disable it, or give it a new password',
      method: 'PATCH',
      path: '/api/users/{id}',
      input: z.object({
        id: z.string(),
        name: name.optional(),
        roles: roles.optional(),
        enabled: z.boolean().optional(),
        password: password.optional(),
      }),
      output: z.object({ user }),
      access: { action: 'write', object: 'users' },
      handle: async ({ id, ...change }, { actor }) => ({
        user: await users.change(actor, id, change),
      }),
    }),
  ];
}

export function tokenOperations(tokens: TokenService): readonly Operation[] {
  return [
    defineOperation({
      name: 'tokens.list',
      summary: 'API tokens that are not revoked',
      method: 'GET',
      path: '/api/tokens',
      input: z.object({}),
      output: z.object({ tokens: z.array(token) }),
      access: { action: 'read', object: 'tokens' },
      handle: async () => ({ tokens: await tokens.list() }),
    }),
    defineOperation({
      name: 'tokens.create',
      summary: 'Make an API token; its secret is shown this once',
      method: 'POST',
      path: '/api/tokens',
      input: z.object({ name, roles, expires_in_days: z.number().int().min(1).max(3_650).optional() }),
      output: z.object({ token, secret: z.string() }),
      access: { action: 'write', object: 'tokens' },
      handle: (input, { actor }) => tokens.create(actor, input),
    }),
    defineOperation({
      name: 'tokens.revoke',
      summary: 'End an API token at once',
      method: 'DELETE',
      path: '/api/tokens/{id}',
      input: z.object({ id: z.string() }),
      output: done,
      access: { action: 'write', object: 'tokens' },
      handle: async ({ id }, { actor }) => {
        await tokens.revoke(actor, id);
        return { ok: true as const };
      },
    }),
  ];
}

export function auditOperations(
  audit: AuditService,
  fields: () => readonly PersonalField[],
): readonly Operation[] {
  return [
    defineOperation({
      name: 'audit.list',
      summary: 'Who changed what, newest first',
      method: 'GET',
      path: '/api/audit',
      input: z.object({
        limit: z.number().int().min(1).max(1_000).default(100),
        before: z.number().int().min(1).optional().describe('only entries with a smaller id'),
      }),
      output: z.object({ entries: z.array(auditEntry) }),
      access: { action: 'read', object: 'audit' },
      handle: async ({ limit, before }) => ({
        entries: await audit.list(before === undefined ? { limit } : { limit, before }),
      }),
    }),
    defineOperation({
      name: 'audit.verify',
      summary: 'Check the chain of the audit log: no entry changed, removed or put in',
      method: 'GET',
      path: '/api/audit/verify',
      input: z.object({}),
      output: z.object({
        ok: z.boolean(),
        entries: z.number(),
        head: z.string().describe('digest of the newest entry; kept elsewhere, it shows later cuts too'),
        broken_at: z.number().optional(),
      }),
      access: { action: 'read', object: 'audit' },
      handle: () => audit.verify(),
    }),
    defineOperation({
      name: 'catalogue.list',
      summary: 'Every field that holds data about a person: category, purposes, lawful basis, retention',
      method: 'GET',
      path: '/api/catalogue',
      input: z.object({}),
      output: z.object({ fields: z.array(personalField) }),
      access: { action: 'read', object: 'catalogue' },
      handle: async () => ({ fields: [...fields()] }),
    }),
  ];
}
