import { hexOf, keyOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS } from '../contract.ts';
import { REFRESHES } from '../refresh/refresh.sql.ts';

const moment = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');

const among = (segments: readonly string[]): Sql => sql`segment IN (${param(segments, 'Array(String)')})`;

/** `{segment, people}` */
export const sizes = (segments: readonly string[]): Sql => sql`
SELECT toString(segment) AS segment, count() AS people FROM ${SEGMENT_MEMBERS} FINAL
WHERE member = 1 AND ${among(segments)} GROUP BY segment`;

/** `{segment, people, both}`: every other segment with how many it shares with this one, most first. */
export const sharedWith = (name: string): Sql => sql`
SELECT toString(segment) AS segment, count() AS people,
  countIf(person IN (SELECT person FROM ${SEGMENT_MEMBERS} FINAL WHERE segment = ${name} AND member = 1)) AS both
FROM ${SEGMENT_MEMBERS} FINAL WHERE member = 1 AND segment != ${name}
GROUP BY segment ORDER BY both DESC, segment`;

/**
 * People who came or went by what they did, or as time passed. Not: the first computation, a changed rule, and people who
 * were joined, of whom one goes and the other comes.
 */
const BY_THEMSELVES = sql`cause NOT IN ('first', 'release', 'merge')`;
const cameAndWent = sql`countIf(what = 'entered' AND ${BY_THEMSELVES}) AS entered, countIf(what = 'exited' AND ${BY_THEMSELVES}) AS exited`;

/** `{segment, entered, exited}` of those who came and went by themselves. */
export const changesSince = (segments: readonly string[], from_ms: number): Sql => sql`
SELECT toString(segment) AS segment, ${cameAndWent}
FROM ${SEGMENT_CHANGES} FINAL WHERE at >= ${moment(from_ms)} AND ${among(segments)} GROUP BY segment`;

export interface LastRefresh {
  readonly segment: string;
  readonly seconds: number;
  readonly rows_read: number;
  readonly bytes_read: number;
  /** Segments that were refreshed by it. */
  readonly together: number;
  /** When a rule of the segment was worked out for the first time last, ms; 0 when that is not known. */
  readonly since_ms: number;
}

/** The last refresh of each segment: LastRefresh. */
export const lastRefreshes = (): Sql => sql`
SELECT segment, argMax(seconds, at) AS seconds, argMax(rows_read, at) AS rows_read, argMax(bytes_read, at) AS bytes_read,
  argMax(together, at) AS together, maxIf(toUnixTimestamp64Milli(at), cause IN ('first', 'release')) AS since_ms
FROM (SELECT arrayJoin(segments) AS segment, length(segments) AS together, cause, at, seconds, rows_read, bytes_read FROM ${REFRESHES})
GROUP BY segment`;

export const refreshes = (limit: number): Sql => sql`
SELECT at, segments, toString(cause) AS cause, people, entered, exited, seconds, rows_read, bytes_read
FROM ${REFRESHES} ORDER BY at DESC LIMIT ${limit}`;

/** `{person, since}` after a person, by id. */
export const membersAfter = (segment: string, after: string | undefined, limit: number): Sql => sql`
SELECT ${hexOf(sql`m.person`)} AS person, m.since AS since
FROM (
  SELECT person, since FROM ${SEGMENT_MEMBERS} FINAL
  WHERE segment = ${segment} AND member = 1 ${after === undefined ? sql`` : sql`AND person > ${keyOf(after)}`}
  ORDER BY person LIMIT ${limit}
) AS m
ORDER BY person`;

export function newestChanges(filter: {
  readonly segment?: string | undefined;
  readonly person?: string | undefined;
  readonly limit: number;
}): Sql {
  const segment = filter.segment === undefined ? sql`true` : sql`segment = ${filter.segment}`;
  const person = filter.person === undefined ? sql`true` : sql`person = ${keyOf(filter.person)}`;
  return sql`
SELECT ${hexOf(sql`c.change_id`)} AS change_id, toString(c.segment) AS segment, c.segment_version AS segment_version,
  ${hexOf(sql`c.person`)} AS person, toString(c.what) AS what, c.at AS at, toString(c.cause) AS cause
FROM (
  SELECT * FROM ${SEGMENT_CHANGES} FINAL WHERE ${segment} AND ${person} ORDER BY at DESC LIMIT ${filter.limit}
) AS c
ORDER BY at DESC, change_id`;
}

/** `{day, grown, entered, exited}`: `grown` is by how much the size changed, for whatever reason. */
export const changesByDay = (segment: string, from_ms: number): Sql => sql`
SELECT toString(toDate(at)) AS day, sum(if(what = 'entered', 1, -1)) AS grown, ${cameAndWent}
FROM ${SEGMENT_CHANGES} FINAL WHERE segment = ${segment} AND at >= ${moment(from_ms)} GROUP BY day ORDER BY day`;
