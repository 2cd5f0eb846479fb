import { empty, param, type Sql, sql, statement } from '../../kernel/sql.ts';
import { QUARANTINE, RESOLUTIONS } from '../contract.ts';

/** Array positions do not tell groups apart: `products[0].price` and `products[7].price` are one mistake. */
const PLACE = statement("replaceRegexpAll(path, '\\\\[\\\\d+\\\\]', '[*]')");
const GROUP_ID = sql`lower(hex(MD5(concat(source_id, '\0', type, '\0', event, '\0', reason, '\0', ${PLACE}))))`;

const OPEN = sql`position NOT IN (SELECT origin FROM ${RESOLUTIONS})`;

export interface GroupRow {
  readonly group_id: string;
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  readonly reason: string;
  readonly path: string;
  readonly detail: string;
  readonly open: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample_position: number;
  readonly sample_message_id: string;
  readonly sample_payload: string;
}

/** Open quarantine entries, one row a kind of mistake, the largest first. */
export const openGroups = (group_id?: string): Sql => sql`
  SELECT group_id, any(source) AS source_id, any(type) AS type, any(event) AS event, any(reason) AS reason, any(place) AS path,
    argMax(what, position) AS detail, count() AS open, min(at) AS first_at, max(at) AS last_at,
    max(position) AS sample_position, argMax(message, position) AS sample_message_id, argMax(body, position) AS sample_payload
  FROM (
    SELECT ${GROUP_ID} AS group_id, toString(source_id) AS source, type, event, reason, ${PLACE} AS place, position,
      detail AS what, received_at AS at, message_id AS message, payload AS body
    FROM ${QUARANTINE} WHERE ${OPEN} ${group_id === undefined ? empty : sql`AND ${GROUP_ID} = ${group_id}`}
  )
  GROUP BY group_id ORDER BY open DESC, group_id LIMIT 500`;

export interface QuarantineRow {
  readonly position: number;
  readonly source_id: string;
  readonly message_id: string;
  readonly received_at: string;
  readonly sent_at: string;
  readonly detail: string;
  readonly reason: string;
  readonly path: string;
  readonly payload: string;
  readonly ip: string;
  readonly user_agent: string;
  readonly library: string;
}

/** Open entries of a group after a position, in the order they came. */
export const openEntries = (group_id: string, after: number, limit: number): Sql => sql`
  SELECT position, source_id, message_id, received_at, sent_at, detail, reason, path, payload, ip, user_agent, library
  FROM ${QUARANTINE} WHERE ${GROUP_ID} = ${group_id} AND position > ${after} AND ${OPEN}
  ORDER BY position LIMIT ${param(limit, 'UInt64')}`;

export const openCount = (group_id: string): Sql => sql`
  SELECT count() AS open FROM ${QUARANTINE} WHERE ${GROUP_ID} = ${group_id} AND ${OPEN}`;
