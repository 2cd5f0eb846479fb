import { EVENTS } from '../../collect/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { hexOf, keysOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS } from '../contract.ts';
import { moment, type Window, within } from '../discover/event-reading.sql.ts';

/** `person UInt64, since`. */
export const membersOf = (segment: string): Sql => sql`
  SELECT person, since FROM ${SEGMENT_MEMBERS} FINAL WHERE segment = ${segment} AND member = 1`;

/** Row `{ people }`. */
export const sizeOf = (segment: string): Sql => sql`SELECT count() AS people FROM (${membersOf(segment)})`;

/** An empty array has no type that a query could be made of. */
const listed = (people: readonly string[]): Sql =>
  people.length === 0 ? sql`(SELECT toUInt64(0) WHERE false)` : sql`(SELECT arrayJoin(${keysOf(people)}))`;

/** Rows `{ person }`, 16 hex digits: which of these people are in the segment. */
export const membersAmong = (segment: string, people: readonly string[]): Sql => sql`
  SELECT ${hexOf(sql`m.person`)} AS person FROM (${membersOf(segment)}) AS m WHERE m.person IN ${listed(people)}`;

export const membersBesides = (segment: string, people: readonly string[], limit: number): Sql => sql`
  SELECT ${hexOf(sql`m.person`)} AS person FROM (${membersOf(segment)}) AS m
  WHERE m.person NOT IN ${listed(people)} ORDER BY m.person LIMIT ${limit}`;

/**
 * Rows `{ held, people, combinations, everybody }`: how many people are in just these segments, by their place in the list, most
 * recent membership first; and how many combinations and people there are, beyond the limit too.
 */
export const combinationsOf = (segments: readonly string[], limit: number): Sql => {
  const list = param(segments, 'Array(String)');
  return sql`
  SELECT held, people, count() OVER () AS combinations, sum(people) OVER () AS everybody
  FROM (
    SELECT held, count() AS people
    FROM (
      SELECT
        person,
        arrayMap(pair -> pair.2, arraySort(pair -> (-pair.1, pair.2),
          groupArray((toUnixTimestamp64Milli(since), toUInt32(indexOf(${list}, toString(segment)) - 1))))) AS held
      FROM ${SEGMENT_MEMBERS} FINAL
      WHERE member = 1 AND segment IN ${list}
      GROUP BY person
    )
    GROUP BY held
  )
  ORDER BY people DESC, held LIMIT ${limit}`;
};

/** Rows `{ a, b, people }`: how many people are in both, by their place in the list; of a segment with itself its size. */
export const sharedPeople = (segments: readonly string[]): Sql => {
  const list = param(segments, 'Array(String)');
  return sql`
  SELECT pair.1 AS a, pair.2 AS b, count() AS people
  FROM (
    SELECT groupArray(toUInt32(indexOf(${list}, toString(segment)) - 1)) AS held,
      arrayJoin(arrayFlatten(arrayMap(a -> arrayMap(b -> (a, b), held), held))) AS pair
    FROM ${SEGMENT_MEMBERS} FINAL
    WHERE member = 1 AND segment IN ${list}
    GROUP BY person
  )
  GROUP BY a, b`;
};

/** Rows `{ segment, since }` of one person. */
export const membershipsOf = (person: string, segments: readonly string[]): Sql => sql`
  SELECT toString(segment) AS segment, since FROM ${SEGMENT_MEMBERS} FINAL
  WHERE member = 1 AND segment IN ${param(segments, 'Array(String)')} AND person IN ${listed([person])}`;

/**
 * Rows `{ state, people, converted }` over people seen in the year before the end of the window: 0 outside, 1 members
 * since before the window, 2 members who came later. Converted: did `event` in the window.
 */
export const conversions = (segment: string, event: string, window: Window, people: PersonSql): Sql => sql`
  SELECT m.state AS state, count() AS people, sum(did) AS converted
  FROM (
    SELECT ${people.person} AS person, max(event = ${event} AND timestamp >= ${moment(window.from)}) AS did
    FROM ${EVENTS} ${people.join}
    WHERE ${within({ from: new Date(Date.parse(window.to) - 365 * DAY_MS).toISOString(), to: window.to })}
    GROUP BY person HAVING person != 0
  ) AS seen
  LEFT ANY JOIN (SELECT person, if(since < ${moment(window.from)}, 1, 2) AS state FROM (${membersOf(segment)})) AS m
    ON seen.person = m.person
  GROUP BY state`;

/** Rows `{ early, late }`: members by whether they came before the window. */
export const membersByStart = (segment: string, window: Window): Sql => sql`
  SELECT countIf(since < ${moment(window.from)}) AS early, countIf(since >= ${moment(window.from)}) AS late
  FROM (${membersOf(segment)})`;

/**
 * `person, entered, put_in`: the first entry of everybody who ever was in the segment, also of those who left. Of people who
 * were joined since it is one, the earliest: whoever was joined into somebody else is nobody any more. Put in: by working
 * the segment out for the first time or under another rule, so that the entry says nothing of when they began to fit.
 */
const entries = (segment: string, people: PersonSql): Sql => sql`
  SELECT if(owner = 0, whose, owner) AS person, min(at) AS entered, argMin(by_hand, at) AS put_in
  FROM (
    SELECT person AS whose, at, cause IN ('first', 'release') AS by_hand FROM ${SEGMENT_CHANGES} FINAL
    WHERE segment = ${segment} AND what = 'entered'
    UNION ALL
    SELECT m.person AS whose, m.since AS at, 0 AS by_hand FROM (${membersOf(segment)}) AS m
    WHERE m.person NOT IN (SELECT person FROM ${SEGMENT_CHANGES} FINAL WHERE segment = ${segment} AND what = 'entered')
  ) AS told
  LEFT ANY JOIN (SELECT node, person AS owner FROM (${people.moved})) AS joined ON whose = joined.node
  GROUP BY person`;

/** Rows `{ week, put_in, people }`, week by its Monday. */
export const cohorts = (segment: string, from: string, people: PersonSql): Sql => sql`
  SELECT toString(toMonday(entered)) AS week, put_in, count() AS people FROM (${entries(segment, people)})
  WHERE entered >= ${moment(from)} GROUP BY week, put_in ORDER BY week, put_in`;

/** Rows `{ week, put_in, nth, active }`: people of the cohort with an event in the nth week after their own entry. */
export const returns = (
  segment: string,
  event: string | undefined,
  window: Window,
  people: PersonSql,
): Sql => sql`
  SELECT toString(toMonday(e.entered)) AS week, e.put_in AS put_in,
    intDiv(dateDiff('second', e.entered, did.at), 604800) AS nth, uniqExact(did.person) AS active
  FROM (
    SELECT ${people.person} AS person, timestamp AS at FROM ${EVENTS} ${people.join}
    WHERE ${within(window)} ${event === undefined ? sql`` : sql`AND event = ${event}`}
  ) AS did
  INNER JOIN (SELECT person, entered, put_in FROM (${entries(segment, people)}) WHERE entered >= ${moment(window.from)}) AS e
    ON did.person = e.person
  WHERE did.at >= e.entered
  GROUP BY week, put_in, nth ORDER BY week, put_in, nth`;
