import { param, type Sql, sql, table } from '../kernel/sql.ts';

const USERS = table('users');

/** `roles` is a JSON array as text; `enabled` 0 or 1. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly password_hash: string | null;
  readonly enabled: number;
  readonly created_at: string;
  readonly last_sign_in_at: string | null;
  readonly failed_attempts: number;
  readonly locked_until: string | null;
}

const text = (value: string | null) => param(value, 'String');

export const allUsers = (): Sql => sql`SELECT * FROM ${USERS} ORDER BY LOWER(name)`;

export const userById = (id: string): Sql => sql`SELECT * FROM ${USERS} WHERE id = ${id}`;

export const userByName = (name: string): Sql =>
  sql`SELECT * FROM ${USERS} WHERE LOWER(name) = LOWER(${name})`;

export const userWithPassword = (): Sql =>
  sql`SELECT id FROM ${USERS} WHERE password_hash IS NOT NULL AND enabled = 1 LIMIT 1`;

export const insertUser = (user: UserRow): Sql => sql`
  INSERT INTO ${USERS} (id, name, roles, password_hash, enabled, created_at, failed_attempts)
  VALUES (${user.id}, ${user.name}, ${user.roles}, ${text(user.password_hash)}, ${user.enabled},
          ${user.created_at}, 0)`;

export const updateUser = (user: UserRow): Sql => sql`
  UPDATE ${USERS} SET name = ${user.name}, roles = ${user.roles}, password_hash = ${text(user.password_hash)},
    enabled = ${user.enabled}, failed_attempts = ${user.failed_attempts}, locked_until = ${text(user.locked_until)},
    last_sign_in_at = ${text(user.last_sign_in_at)}
  WHERE id = ${user.id}`;
