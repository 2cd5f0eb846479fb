import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { OWN_SOURCE } from '../rules/signal.ts';

/** ISO 8601 UTC, milliseconds; `to` is not inside. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/** Whose events are read: everybody's, or those that a condition on their columns picks. */
export interface EventsOf extends PersonSql {
  readonly where?: Sql;
}

export const moment = (iso: string) => param(iso, 'DateTime64(3)');

/** Events of people in the window; what Plumbline records itself is nothing that a person did. `received_at` spares partitions: nothing happens more than a day after it was received. */
export const within = ({ from, to }: Window, where: Sql = sql`true`): Sql => sql`
  received_at >= ${moment(from)} - INTERVAL 1 DAY AND timestamp >= ${moment(from)} AND timestamp < ${moment(to)}
  AND bot = 0 AND source_id != ${OWN_SOURCE} AND ${where}`;

const keys = (path: string): Sql =>
  join(
    path.split('.').map((key) => sql`${key}`),
    ', ',
  );

/** Nullable(Float64) at a path of the properties: NULL when it is missing or no number. */
export const numberAt = (path: string): Sql =>
  sql`JSONExtract(properties, ${keys(path)}, 'Nullable(Float64)')`;

/** Nullable(String): text as it stands, other values as JSON; NULL when missing. */
export const textAt = (path: string): Sql => sql`JSONExtract(properties, ${keys(path)}, 'Nullable(String)')`;
