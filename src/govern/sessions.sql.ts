import { type Sql, sql, table } from '../kernel/sql.ts';

const SESSIONS = table('sign_in_sessions');
const USERS = table('users');
const LINKS = table('first_run_links');

export interface SessionRow {
  readonly digest: string;
  readonly user_id: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly name: string;
  readonly roles: string;
  readonly enabled: number;
}

export const insertSession = (digest: string, user_id: string, now: string): Sql =>
  sql`INSERT INTO ${SESSIONS} (digest, user_id, created_at, last_seen_at) VALUES (${digest}, ${user_id}, ${now}, ${now})`;

export const sessionByDigest = (digest: string): Sql => sql`
  SELECT s.digest, s.user_id, s.created_at, s.last_seen_at, u.name, u.roles, u.enabled
  FROM ${SESSIONS} s JOIN ${USERS} u ON u.id = s.user_id WHERE s.digest = ${digest}`;

export const touchSession = (digest: string, now: string): Sql =>
  sql`UPDATE ${SESSIONS} SET last_seen_at = ${now} WHERE digest = ${digest}`;

export const deleteSession = (digest: string): Sql => sql`DELETE FROM ${SESSIONS} WHERE digest = ${digest}`;

/** All sessions of a user but the one with `kept`; pass '' to keep none. */
export const deleteSessionsOf = (user_id: string, kept: string): Sql =>
  sql`DELETE FROM ${SESSIONS} WHERE user_id = ${user_id} AND digest <> ${kept}`;

export const deleteExpiredSessions = (seen_before: string, created_before: string): Sql =>
  sql`DELETE FROM ${SESSIONS} WHERE last_seen_at < ${seen_before} OR created_at < ${created_before}`;

export const insertLink = (digest: string, now: string): Sql =>
  sql`INSERT INTO ${LINKS} (digest, created_at) VALUES (${digest}, ${now})`;

/** Changes one row exactly when the link was still valid. */
export const takeLink = (digest: string): Sql => sql`DELETE FROM ${LINKS} WHERE digest = ${digest}`;

export const deleteLinks = (): Sql => sql`DELETE FROM ${LINKS}`;
