import { EVENTS, IMPORT_BASE } from '../../collect/contract.ts';
import { HOUR_MS } from '../../kernel/clock.ts';
import { hexOf, keysOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITIES, type PersonSql } from '../../resolve/contract.ts';
import { SESSIONS } from '../contract.ts';

/** From (inclusive) to (exclusive), milliseconds since 1970 UTC. */
export interface TimeRange {
  readonly from_ms: number;
  readonly to_ms: number;
}

const at = (ms: number) => sql`fromUnixTimestamp64Milli(${ms}, 'UTC')`;

const COLUMNS = sql`session_id, person_id, started_at, ended_at, events, pages, campaign, entry_path, exit_path, referrer,
  bot, runaway, reopened, removed, version`;

/** A session's start only ever moves back, so the day in its id is never before the day of its start. */
const idsFrom = (ms: number): Sql =>
  sql`session_id >= ${new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** `SessionRow`s, newest first, that started at or after `from_ms`; of one person when one is named. */
export function listSessions(ask: { person: string | undefined; from_ms: number; limit: number }): Sql {
  const person = ask.person === undefined ? sql`` : sql`AND person_id = ${ask.person}`;
  return sql`SELECT ${COLUMNS} FROM ${SESSIONS} FINAL
WHERE ${idsFrom(ask.from_ms)} AND started_at >= ${at(ask.from_ms)} AND removed = 0 ${person}
ORDER BY started_at DESC, session_id LIMIT ${ask.limit}`;
}

export interface SummaryRow {
  readonly hour: string;
  readonly sessions: number;
  readonly people: number;
  readonly events: number;
  readonly bots: number;
  readonly runaway: number;
}

/** Per hour of start. Bots and runaways are counted apart, and are in none of the other numbers. */
export function summariseSessions(from_ms: number): Sql {
  return sql`SELECT
  toDateTime64(toStartOfHour(started_at), 3, 'UTC') AS hour,
  countIf(is_human) AS sessions, uniqExactIf(person_id, is_human) AS people, sumIf(size, is_human) AS events,
  countIf(is_bot AND NOT is_runaway) AS bots, countIf(is_runaway) AS runaway
FROM (
  SELECT started_at, person_id, events AS size, bot = 1 AS is_bot, runaway = 1 AS is_runaway,
    NOT is_bot AND NOT is_runaway AS is_human
  FROM ${SESSIONS} FINAL
  WHERE ${idsFrom(from_ms)} AND started_at >= ${at(from_ms)} AND removed = 0
)
GROUP BY hour ORDER BY hour`;
}

/** Sessions of people that may still go on: their last event is no longer ago than the gap. One row: `{live}`. */
export function countLive(now_ms: number, gap_ms: number): Sql {
  // Rules without midnight allow sessions over days; one that goes on for more than three is not waited for.
  return sql`SELECT count() AS live FROM ${SESSIONS} FINAL
WHERE ${idsFrom(now_ms - 72 * HOUR_MS)} AND ended_at >= ${at(now_ms - gap_ms)} AND removed = 0 AND bot = 0 AND runaway = 0`;
}

/** `SessionRow`s of these people that stand and ended at or after `from_ms`, by start. */
export function standingSessions(people: readonly string[], from_ms: number): Sql {
  return sql`SELECT ${COLUMNS} FROM ${SESSIONS} FINAL
WHERE person_id IN ${param(people, 'Array(String)')} AND ended_at >= ${at(from_ms)} AND removed = 0
ORDER BY person_id, started_at, session_id`;
}

/** One row `{stored}`: how far the sink has stored, which it does in order; 0 when not yet up to `position`. */
export const storedFrom = (position: number): Sql =>
  sql`SELECT max(position) AS stored FROM ${EVENTS}
WHERE position >= ${param(position, 'UInt64')} AND position < ${param(IMPORT_BASE, 'UInt64')}`;

/** Picks the events of some people, each from a moment on. A part of `sessionsFromEvents`. */
export function eventsOfPeople(windows: ReadonlyMap<string, number>): Sql {
  const people = param([...windows.keys()], 'Array(String)');
  const froms = param([...windows.values()], 'Array(UInt64)');
  return sql`${nodesOf([...windows.keys()])} AND person_id IN ${people}
    AND toUnixTimestamp64Milli(timestamp) >= toInt64(transform(person_id, ${people}, ${froms}, toUInt64(0)))
    AND ${receivedSince(Math.min(...windows.values()))}`;
}

/** Events that can be theirs: found by the sort key of the projection instead of a scan. */
const nodesOf = (people: readonly string[]): Sql => {
  const keys = keysOf(people);
  return sql`(node IN ${keys} OR node IN (
    SELECT node FROM ${IDENTITIES} WHERE person IN ${keys} OR shared_person IN ${keys}))`;
};

/** An event is received at most a day before its own time, so older partitions need not be read. */
const receivedSince = (from_ms: number): Sql => sql`received_at >= ${at(from_ms - 25 * HOUR_MS)}`;

/** People whose sessions in the range were made by the stream; history leaves those to the repair. */
export function streamedPeople(range: TimeRange): Sql {
  return sql`SELECT DISTINCT person_id FROM ${SESSIONS}
WHERE version > 0 AND ended_at >= ${at(range.from_ms)} AND started_at < ${at(range.to_ms)}`;
}

/** Picks the events of a range, without those of `streamedPeople`. A part of `sessionsFromEvents`. */
export function eventsOfRange(range: TimeRange): Sql {
  return sql`timestamp >= ${at(range.from_ms)} AND timestamp < ${at(range.to_ms)} AND ${receivedSince(range.from_ms)}
    AND person_id NOT IN (${streamedPeople(range)})`;
}

/** People with an event in the range: `{person_id}`. */
export function peopleOfRange(people: PersonSql, range: TimeRange): Sql {
  return sql`SELECT DISTINCT ${hexOf(people.person)} AS person_id FROM ${EVENTS} ${people.join}
WHERE node != 0 AND ${people.person} != 0 AND timestamp >= ${at(range.from_ms)} AND timestamp < ${at(range.to_ms)}
  AND ${receivedSince(range.from_ms)}`;
}

const ofHistory = (range: TimeRange): Sql =>
  sql`removed = 0 AND version = 0 AND started_at >= ${at(range.from_ms)} AND started_at < ${at(range.to_ms)}`;

/** One row `{sessions}`: how many sessions of the range come from history. */
export const countHistory = (range: TimeRange): Sql =>
  sql`SELECT count() AS sessions FROM ${SESSIONS} FINAL WHERE ${ofHistory(range)}`;

/** Removes sessions that an earlier import of the range made and that its events no longer make. */
export function removeStale(derived: Sql, range: TimeRange): Sql {
  return sql`INSERT INTO ${SESSIONS} (${COLUMNS})
SELECT session_id, person_id, started_at, ended_at, events, pages, campaign, entry_path, exit_path, referrer,
  bot, runaway, reopened, 1, version
FROM ${SESSIONS} FINAL
WHERE ${ofHistory(range)} AND session_id NOT IN (SELECT session_id FROM (${derived}))
SETTINGS insert_deduplicate = 0`;
}
