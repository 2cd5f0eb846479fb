import { param, type Sql, sql, table } from '../kernel/sql.ts';

const TOKENS = table('api_tokens');
const USERS = table('users');

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly digest: string;
  readonly roles: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

/** The token, and what its owner may do today; null for both when the owner is not a user. */
export interface TokenWithOwner extends TokenRow {
  readonly owner_roles: string | null;
  readonly owner_enabled: number | null;
}

export const allTokens = (): Sql =>
  sql`SELECT * FROM ${TOKENS} WHERE revoked_at IS NULL ORDER BY created_at DESC`;

export const tokenByDigest = (digest: string): Sql => sql`
  SELECT t.*, u.roles AS owner_roles, u.enabled AS owner_enabled
  FROM ${TOKENS} t LEFT JOIN ${USERS} u ON u.id = t.created_by WHERE t.digest = ${digest}`;

export const tokenOwner = (id: string): Sql => sql`SELECT created_by FROM ${TOKENS} WHERE id = ${id}`;

export const insertToken = (token: TokenRow): Sql => sql`
  INSERT INTO ${TOKENS} (id, name, digest, roles, created_by, created_at, expires_at)
  VALUES (${token.id}, ${token.name}, ${token.digest}, ${token.roles}, ${token.created_by}, ${token.created_at},
          ${param(token.expires_at, 'String')})`;

export const touchToken = (id: string, now: string): Sql =>
  sql`UPDATE ${TOKENS} SET last_used_at = ${now} WHERE id = ${id}`;

/** Changes one row exactly when the token was there and not revoked yet. */
export const revokeToken = (id: string, now: string): Sql =>
  sql`UPDATE ${TOKENS} SET revoked_at = ${now} WHERE id = ${id} AND revoked_at IS NULL`;
