import { type Sql, sql, table } from '../kernel/sql.ts';
import type { AuditRow } from './audit-chain.ts';

const AUDIT = table('audit');

export const newestRow = (): Sql => sql`SELECT id, digest FROM ${AUDIT} ORDER BY id DESC LIMIT 1`;

export const insertRow = (row: AuditRow): Sql => sql`
  INSERT INTO ${AUDIT} (id, at, actor_id, actor_name, actor_kind, action, object, details, previous, digest)
  VALUES (${row.id}, ${row.at}, ${row.actor_id}, ${row.actor_name}, ${row.actor_kind}, ${row.action},
          ${row.object}, ${row.details}, ${row.previous}, ${row.digest})`;

/** Newest first. */
export const rowsBefore = (before: number, limit: number): Sql =>
  sql`SELECT * FROM ${AUDIT} WHERE id < ${before} ORDER BY id DESC LIMIT ${limit}`;

/** Oldest first. */
export const rowsAfter = (after: number, limit: number): Sql =>
  sql`SELECT * FROM ${AUDIT} WHERE id > ${after} ORDER BY id LIMIT ${limit}`;
