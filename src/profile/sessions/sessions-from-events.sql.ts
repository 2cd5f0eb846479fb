import { EVENTS, IMPORT_BASE, IMPORT_SOURCE_ID } from '../../collect/contract.ts';
import { hexOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { SESSIONS } from '../contract.ts';
import { TEXT_MAX } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';
import type { TimeRange } from './sessions.sql.ts';

/** Sessions made from events, one row each. Times are milliseconds since 1970 UTC; an empty path is no page. */
export interface DerivedRow {
  readonly session_id: string;
  readonly person_id: string;
  readonly start_ms: number;
  readonly start_message: string;
  readonly start_source: string;
  readonly end_ms: number;
  readonly end_message: string;
  readonly end_source: string;
  readonly events: number;
  readonly pages: number;
  readonly campaign: string;
  readonly entry_ms: number;
  readonly entry_message: string;
  readonly entry_source: string;
  readonly entry_path: string;
  readonly entry_referrer: string;
  readonly exit_ms: number;
  readonly exit_message: string;
  readonly exit_source: string;
  readonly exit_path: string;
  readonly bot: 0 | 1;
  readonly touched_ms: number;
  /** Highest log position among its events; 0 when all came in bulk. */
  readonly position: number;
}

/**
 * `sessionise` in SQL, for many people at once; a test holds the two equal. `where` picks events, and may use the
 * columns of `events` and `person_id`. `timestamp` stays within reach of `received_at` (24 h ahead at most), so a caller
 * with a range also gives that column a lower bound, which spares whole partitions.
 */
export function sessionsFromEvents(people: PersonSql, where: Sql, rules: CompiledRules): Sql {
  const { gap_ms, rules: plain } = rules;
  const otherDay = plain.midnight
    ? sql`OR toDate(fromUnixTimestamp64Milli(at_ms), ${plain.time_zone}) != toDate(fromUnixTimestamp64Milli(before_ms), ${plain.time_zone})`
    : sql``;
  const cuts = plain.campaign
    ? sql`campaign != '' AND if(marked.1 = run, marked.2 != campaign, NOT starts_run)`
    : sql`false`;
  const order = sql`PARTITION BY person_id ORDER BY at_ms, message_id, source_id`;
  const soFar = sql`${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`;
  const before = sql`${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING`;
  const moment = sql`(at_ms, message_id, source_id)`;
  const mark = sql`(at_ms, message_id, source_id, path, referrer)`;
  return sql`
SELECT
  concat(formatDateTime(fromUnixTimestamp64Milli(start_ms), '%Y%m%d', 'UTC'), '-', substring(lower(hex(SHA256(concat(
    person_id, '\\n', toString(start_ms), '\\n', start_message, '\\0', start_source)))), 1, 20)) AS session_id,
  person_id, start_ms, start_message, start_source, end_ms, end_message, end_source,
  events, pages, campaign,
  entry.1 AS entry_ms, entry.2 AS entry_message, entry.3 AS entry_source, entry.4 AS entry_path, entry.5 AS entry_referrer,
  exit.1 AS exit_ms, exit.2 AS exit_message, exit.3 AS exit_source, exit.4 AS exit_path,
  bot, touched_ms, position
FROM (
  SELECT
    person_id, session,
    min(${moment}) AS first, first.1 AS start_ms, first.2 AS start_message, first.3 AS start_source,
    max(${moment}) AS last, last.1 AS end_ms, last.2 AS end_message, last.3 AS end_source,
    count() AS events, countIf(page) AS pages, argMin(campaign, ${moment}) AS campaign,
    minIf(${mark}, path != '') AS entry, maxIf(${mark}, path != '') AS exit,
    max(bot) AS bot, max(received_ms) AS touched_ms, max(log_position) AS position
  FROM (
    SELECT *, sum(starts_run OR (${cuts})) OVER (${soFar}) AS session FROM (
      SELECT *, anyLastIf((run, campaign), campaign != '') OVER (${before}) AS marked FROM (
        SELECT *, sum(starts_run) OVER (${soFar}) AS run FROM (
          SELECT *,
            row_number() OVER (${soFar}) AS nth,
            lagInFrame(at_ms) OVER (${soFar}) AS before_ms,
            nth = 1 OR at_ms - before_ms > ${gap_ms} ${otherDay} AS starts_run
          FROM (${facts(people, where)})
        )
      )
    )
  )
  GROUP BY person_id, session
)`;
}

/** `isInSessions` and `readSessionEvent` in SQL: one row for each event that belongs to somebody. */
function facts(people: PersonSql, where: Sql): Sql {
  const cut = (text: Sql) => sql`substringUTF8(${text}, 1, ${TEXT_MAX})`;
  return sql`
SELECT
  person_id, message_id, source_id, bot, page,
  if(position < ${param(IMPORT_BASE, 'UInt64')}, position, 0) AS log_position,
  toUnixTimestamp64Milli(timestamp) AS at_ms, toUnixTimestamp64Milli(received_at) AS received_ms,
  if(source = '' AND medium = '' AND name = '', '', ${cut(sql`concat(source, '/', medium, '/', name)`)}) AS campaign,
  ${cut(sql`if(page_path = '' AND type = 'screen', event, page_path)`)} AS path,
  ${cut(sql`page_referrer`)} AS referrer
FROM (
  SELECT
    ${hexOf(people.person)} AS person_id, message_id, source_id, position, bot, timestamp, received_at, event, type,
    type IN ('page', 'screen') AS page,
    if(type IN ('page', 'screen', 'track'), context, '{}') AS known,
    JSONExtract(known, 'Tuple(page Tuple(path String, referrer String), campaign Tuple(source String, medium String, name String))') AS told,
    ${textOf(sql`told.page.path`, 'page', 'path')} AS page_path,
    ${textOf(sql`told.page.referrer`, 'page', 'referrer')} AS page_referrer,
    ${textOf(sql`told.campaign.source`, 'campaign', 'source')} AS source,
    ${textOf(sql`told.campaign.medium`, 'campaign', 'medium')} AS medium,
    ${textOf(sql`told.campaign.name`, 'campaign', 'name')} AS name
  FROM ${EVENTS} ${people.join}
  WHERE node != 0 AND ${people.person} != 0 AND source_id != ${IMPORT_SOURCE_ID} AND ${where}
)`;
}

/** The extraction writes numbers, objects and the like as text; only text counts, so look twice at what resembles them. */
function textOf(value: Sql, parent: string, key: string): Sql {
  return sql`if(match(${value}, '^[-0-9tf{\\\\[]') AND JSONType(known, ${parent}, ${key}) != 'String', '', ${value})`;
}

/** Derived sessions that start in the range, as rows of `sessions`; version 0 says that they come from history. */
export function insertDerived(derived: Sql, range: TimeRange, rules: CompiledRules): Sql {
  const { runaway_events } = rules.rules;
  return sql`
INSERT INTO ${SESSIONS}
  (session_id, person_id, started_at, ended_at, events, pages, campaign, entry_path, exit_path, referrer, bot,
   runaway, reopened, removed, version)
SELECT
  session_id, person_id, fromUnixTimestamp64Milli(start_ms, 'UTC'), fromUnixTimestamp64Milli(end_ms, 'UTC'), events,
  pages, campaign, entry_path, exit_path, entry_referrer, bot,
  events > ${runaway_events} OR end_ms - start_ms > ${param(rules.runaway_ms, 'Float64')}, 0, 0, 0
FROM (${derived})
WHERE start_ms >= ${range.from_ms} AND start_ms < ${range.to_ms}
SETTINGS insert_deduplicate = 0`;
}
