import { empty, join, param, type Sql, sql, statement } from '../../kernel/sql.ts';
import { DISCARDED, EVENTS, IMPORT_BASE, QUARANTINE, RESOLUTIONS } from '../contract.ts';
import { isPlaceholderSql } from '../normalise/standing-id.ts';

/** One received event with its fate, whichever table holds it. */
export interface EventWithFate {
  readonly position: number;
  readonly fate: 'stored' | 'deduplicated' | 'filtered' | 'quarantined';
  readonly source_id: string;
  readonly message_id: string;
  readonly type: string;
  readonly event: string;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly timestamp: string;
  readonly received_at: string;
  readonly reason: string;
  readonly detail: string;
  readonly path: string;
  readonly of_position: number;
  readonly bot: 0 | 1;
  readonly bot_reason: string;
  readonly plan: string;
  readonly violations: string;
  readonly properties: string;
  readonly traits: string;
  readonly context: string;
  readonly ip: string;
  readonly library: string;
  readonly payload: string;
  readonly origin: number;
}

export interface EventFilter {
  readonly fate?: EventWithFate['fate'] | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly event?: string | undefined;
  readonly bot?: boolean | undefined;
  /** As the event names it: its user id, else its anonymous id. */
  readonly person?: string | undefined;
  /** Exact message id, user id or anonymous id, or part of the event's name. */
  readonly q?: string | undefined;
  /** Newer than this log position; imported history is never newer. */
  readonly after?: number | undefined;
  /** Older than this place: `received_at` and position of the last row seen. */
  readonly before?: { readonly received_at: string; readonly position: number } | undefined;
  readonly limit: number;
}

const COLUMNS =
  statement(`position, fate, source_id, message_id, type, event, user_id, anonymous_id, timestamp, received_at,
  reason, detail, path, of_position, bot, bot_reason, plan, violations, properties, traits, context, ip, library, payload, origin`);

const STORED = sql`SELECT position, 'stored' AS fate, toString(source_id) AS source_id, message_id, toString(type) AS type,
  toString(event) AS event, user_id, anonymous_id, timestamp, received_at, '' AS reason, '' AS detail, '' AS path,
  toUInt64(0) AS of_position, bot, toString(bot_reason) AS bot_reason, toString(plan) AS plan, violations, properties, traits,
  context, ip, toString(library) AS library, '' AS payload, origin FROM ${EVENTS}`;

const SET_ASIDE = sql`SELECT position, 'quarantined' AS fate, toString(source_id) AS source_id, message_id, toString(type) AS type,
  toString(event) AS event, user_id, anonymous_id, received_at AS timestamp, received_at, toString(reason) AS reason, detail,
  toString(path) AS path, toUInt64(0) AS of_position, toUInt8(0) AS bot, '' AS bot_reason, toString(plan) AS plan, violations,
  '{}' AS properties, '{}' AS traits, '{}' AS context, ip, toString(library) AS library, payload, toUInt64(0) AS origin FROM ${QUARANTINE}`;

const NOT_KEPT = sql`SELECT position, toString(fate) AS fate, toString(source_id) AS source_id, message_id, toString(type) AS type,
  toString(event) AS event, '' AS user_id, '' AS anonymous_id, received_at AS timestamp, received_at, toString(reason) AS reason,
  detail, '' AS path, of_position, toUInt8(0) AS bot, '' AS bot_reason, '' AS plan, '[]' AS violations, '{}' AS properties,
  '{}' AS traits, '{}' AS context, '' AS ip, '' AS library, '' AS payload, toUInt64(0) AS origin FROM ${DISCARDED}`;

/** Newest first. Each table gives at most `limit` rows, so the union stays small whatever the tables hold. */
export function eventsWithFate(filter: EventFilter): Sql {
  const tables = [
    { fate: ['stored'], select: STORED, people: true, bots: true },
    { fate: ['quarantined'], select: SET_ASIDE, people: true, bots: false },
    { fate: ['deduplicated', 'filtered'], select: NOT_KEPT, people: false, bots: false },
  ].filter(
    (each) =>
      (filter.fate === undefined || each.fate.includes(filter.fate)) &&
      (filter.bot !== true || each.bots) &&
      (filter.person === undefined || each.people),
  );
  if (tables.length === 0) return sql`SELECT ${COLUMNS} FROM (${STORED}) WHERE false`;
  const parts = tables.map((each) => {
    const where = conditions(filter, each.people, each.bots);
    const open =
      each.fate[0] === 'quarantined' ? sql`AND position NOT IN (SELECT origin FROM ${RESOLUTIONS})` : empty;
    const fate =
      each.fate[0] === 'deduplicated' && filter.fate !== undefined ? sql`AND fate = ${filter.fate}` : empty;
    return sql`SELECT ${COLUMNS} FROM (${each.select} WHERE ${where} ${open} ${fate}
      ORDER BY received_at DESC, position DESC LIMIT ${param(filter.limit, 'UInt64')})`;
  });
  return sql`SELECT ${COLUMNS} FROM (${join(parts, ' UNION ALL ')}) ORDER BY received_at DESC, position DESC LIMIT ${param(filter.limit, 'UInt64')}`;
}

function conditions(filter: EventFilter, people: boolean, bots: boolean): Sql {
  const all: Sql[] = [sql`true`];
  if (filter.source !== undefined) all.push(sql`source_id = ${filter.source}`);
  if (filter.type !== undefined) all.push(sql`type = ${filter.type}`);
  if (filter.event !== undefined) all.push(sql`event = ${filter.event}`);
  if (filter.bot !== undefined && bots) all.push(sql`bot = ${filter.bot ? 1 : 0}`);
  if (filter.person !== undefined && people)
    all.push(sql`if(${isPlaceholderSql(sql`user_id`)}, anonymous_id, user_id) = ${filter.person}`);
  if (filter.after !== undefined) all.push(sql`position > ${filter.after} AND position < ${IMPORT_BASE}`);
  if (filter.before !== undefined) {
    const at = param(filter.before.received_at, 'DateTime64(3)');
    all.push(sql`(received_at < ${at} OR (received_at = ${at} AND position < ${filter.before.position}))`);
  }
  if (filter.q !== undefined && filter.q !== '') {
    const ids = people ? sql`OR user_id = ${filter.q} OR anonymous_id = ${filter.q}` : empty;
    all.push(
      sql`(message_id = ${filter.q} ${ids} OR positionCaseInsensitiveUTF8(toString(event), ${filter.q}) > 0)`,
    );
  }
  return join(all, ' AND ');
}

/** Every sighting of a message id, also those that have left quarantine since. */
export function sightings(message_id: string, source_id: string | undefined): Sql {
  const where =
    source_id === undefined
      ? sql`message_id = ${message_id}`
      : sql`message_id = ${message_id} AND source_id = ${source_id}`;
  const parts = [STORED, SET_ASIDE, NOT_KEPT].map(
    (select) => sql`SELECT ${COLUMNS} FROM (${select} WHERE ${where} LIMIT 1000)`,
  );
  return sql`SELECT ${COLUMNS} FROM (${join(parts, ' UNION ALL ')}) ORDER BY received_at, position`;
}

export interface ResolutionRow {
  readonly origin: number;
  readonly position: number;
  readonly resolution: 'replayed' | 'discarded';
  readonly resolved_at: string;
}

export const resolutionsOf = (positions: readonly number[]): Sql => sql`
  SELECT origin, position, toString(resolution) AS resolution, resolved_at FROM ${RESOLUTIONS}
  WHERE origin IN ${param(positions, 'Array(UInt64)')}`;
