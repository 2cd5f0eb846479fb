import { EVENTS } from '../../collect/contract.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { hexOf, key64Of } from '../../kernel/key64.ts';
import { param, type Sql, sql, table } from '../../kernel/sql.ts';
import { IDENTITIES } from '../../resolve/contract.ts';
import { LARGE_SCAN_SETTINGS, SCAN_SETTINGS } from '../compile/scan.sql.ts';
import { nodesWhere } from '../compile/their-nodes.sql.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS } from '../contract.ts';
import type { NodeRange } from '../stream/histories.sql.ts';

/** Answers of the scan that is going on; see the migration. */
export const SCAN = table('segment_scan');
export const SKIPPED = table('segment_scan_skipped');
/** What the answers change, a slice of people at a time. */
export const DIFFERENCES = table('segment_scan_changes');
/** Who was taken apart, while only they are scanned. */
export const SCAN_PEOPLE = table('segment_scan_people');
export const REFRESHES = table('segment_refreshes');

export interface ScannedSegments {
  /** In the order of the questions. */
  readonly names: readonly string[];
  readonly versions: readonly number[];
  /** Places (from 1) of those that the stream decides, too: people whom it looked at meanwhile are left to it. */
  readonly streamed: readonly number[];
}

/** Compiling the expressions of a scan takes about a second. */
const LARGE_EVENTS = 5_000_000;

export interface Sizes {
  readonly events: number;
  readonly people: number;
}

export const sizesOf = (): Sql => sql`
SELECT (SELECT count() FROM ${EVENTS}) AS events,
  (SELECT uniq(person) FROM ${IDENTITIES} WHERE type IN ('user_id', 'anonymous_id')) AS people`;

export const emptyScan = (): readonly Sql[] => [sql`TRUNCATE TABLE ${SCAN}`, sql`TRUNCATE TABLE ${SKIPPED}`];

export const runScan = (scan: Sql, events: number): Sql =>
  sql`INSERT INTO ${SCAN} (person, hits, timed) ${scan} ${events > LARGE_EVENTS ? LARGE_SCAN_SETTINGS : SCAN_SETTINGS}`;

const SAMPLE_EVENTS = 10_000;

/** `{bytes}` of an event, uncompressed, in the columns that rules read: the average of some events. */
export const bytesPerEvent = (): Sql => sql`
SELECT ifNotFinite(avg(byteSize(node, timestamp, position, event, type, bot, source_id, properties)), 0) AS bytes
FROM (SELECT node, timestamp, position, event, type, bot, source_id, properties FROM ${EVENTS} LIMIT ${SAMPLE_EVENTS})`;

/** `{people}` who are in one of the segments. */
export const countPeople = (): Sql => sql`SELECT countIf(has(hits, 1)) AS people FROM ${SCAN}`;

/** People in a range of keys; of those in `SCAN_PEOPLE` only, where that is said. */
export interface Slice extends NodeRange {
  readonly listed?: boolean;
}

const isListed = (person: Sql): Sql => sql`${person} IN (SELECT person FROM ${SCAN_PEOPLE})`;
const LISTED = isListed(sql`person`);

export function within({ from, to, listed = false }: Slice): Sql {
  const start = sql`person >= ${param(from, 'UInt64')}`;
  const range = to === undefined ? start : sql`${start} AND person < ${param(to, 'UInt64')}`;
  return listed ? sql`${range} AND ${LISTED}` : range;
}

/** For `planScan`: these people alone, and the nodes that their events can stand at. */
export const listedPeople = {
  people: LISTED,
  nodes: sql`SELECT person FROM ${SCAN_PEOPLE} UNION ALL ${nodesWhere(isListed)}`,
};

/** The place of a row's segment among those that were asked, from 1. */
const placeIn = (names: readonly string[]): Sql => {
  const places = names.map((_, i) => i + 1);
  return sql`transform(segment, ${param(names, 'Array(String)')}, ${param(places, 'Array(UInt64)')}, 0)`;
};

const placesOfHits = sql`arrayFilter((i, hit) -> hit = 1, arrayEnumerate(hits), hits)`;

/** Of most people nothing has changed. To tell that, a short list a person is compared, not each segment by itself. */
const differentPeople = (names: readonly string[], range: Slice): Sql => sql`
SELECT person FROM (
  SELECT person, arraySort(groupArray(toUInt32(${placeIn(names)}))) AS was
  FROM ${SEGMENT_MEMBERS} FINAL
  WHERE segment IN (${param(names, 'Array(String)')}) AND member = 1 AND ${within(range)}
  GROUP BY person
) AS members
FULL OUTER JOIN (SELECT person, ${placesOfHits} AS now FROM ${SCAN} WHERE ${within(range)}) AS answers USING (person)
WHERE was != now`;

/**
 * Compares answers and members of a slice, of each member the newest version; both writers below go by the result. Of
 * `moved` people nothing is compared.
 */
export function findDifferences(
  { names, streamed }: ScannedSegments,
  range: Slice,
  moved: readonly PersonId[],
): readonly Sql[] {
  const some_moved =
    moved.length === 0 ? sql`` : sql`AND ${hexOf(sql`person`)} NOT IN (${param(moved, 'Array(String)')})`;
  return [
    sql`TRUNCATE TABLE ${DIFFERENCES}`,
    sql`
INSERT INTO ${DIFFERENCES} (person, nth, is_in, before)
SELECT person, nth, is_in, before
FROM (
  SELECT nth, person, max(now) AS is_in, argMax(was, v) AS was_in, max(v) AS before
  FROM (
    SELECT toUInt32(arrayJoin(${placesOfHits})) AS nth, person, toUInt8(1) AS now, toUInt8(0) AS was, toUInt64(0) AS v
    FROM ${SCAN} WHERE ${within(range)}
    UNION ALL
    SELECT toUInt32(${placeIn(names)}) AS nth, person, toUInt8(0) AS now, member AS was, version AS v
    FROM ${SEGMENT_MEMBERS} WHERE segment IN (${param(names, 'Array(String)')}) AND ${within(range)}
  )
  WHERE person IN (${differentPeople(names, range)})
    AND NOT (has(${param(streamed, 'Array(UInt64)')}, nth) AND person IN (SELECT person FROM ${SKIPPED})) ${some_moved}
  GROUP BY nth, person
  HAVING is_in != was_in
)`,
  ];
}

/** The same by person: PersonDifference, for the states of the stream. */
export const differencesByPerson = (): Sql => sql`
SELECT ${hexOf(sql`d.person`)} AS person, groupArray((d.nth, d.is_in, d.before)) AS changes
FROM ${DIFFERENCES} AS d GROUP BY person`;

export interface PersonDifference {
  readonly person: string;
  readonly changes: readonly (readonly [nth: number, is_in: 0 | 1, before: number])[];
}

/** `{person}` for whom time may change an answer. */
export const timedPeople = (range: Slice): Sql => sql`
SELECT ${hexOf(sql`scanned.person`)} AS person FROM (
  SELECT person FROM ${SCAN} WHERE timed = 1 AND ${within(range)} AND person NOT IN (SELECT person FROM ${SKIPPED})
) AS scanned`;

const what = sql`if(is_in = 1, 'entered', 'exited')`;

export function insertChanges(
  segments: ScannedSegments,
  at: { readonly now_ms: number; readonly cause: string },
): Sql {
  const name = sql`${param(segments.names, 'Array(String)')}[nth]`;
  const id = key64Of(
    sql`concat(${name}, '\n', ${hexOf(sql`person`)}, '\n', ${what}, '\nv', toString(before))`,
  );
  return sql`
INSERT INTO ${SEGMENT_CHANGES} (change_id, segment, segment_version, person, what, at, cause)
SELECT ${id}, ${name}, ${param(segments.versions, 'Array(UInt64)')}[nth], person, ${what},
  fromUnixTimestamp64Milli(${at.now_ms}, 'UTC'), ${at.cause}
FROM ${DIFFERENCES}`;
}

export const insertMembers = (
  segments: ScannedSegments,
  at: { readonly now_ms: number; readonly version: number },
): Sql => sql`
INSERT INTO ${SEGMENT_MEMBERS} (segment, person, since, member, version)
SELECT ${param(segments.names, 'Array(String)')}[nth], person, fromUnixTimestamp64Milli(${at.now_ms}, 'UTC'), is_in, ${param(at.version, 'UInt64')}
FROM ${DIFFERENCES}`;

/** Everybody leaves segments that are no longer there: first the changes, then the members. */
export function closeSegments(
  names: readonly string[],
  at: { readonly now_ms: number; readonly version: number },
): readonly Sql[] {
  const now = sql`fromUnixTimestamp64Milli(${at.now_ms}, 'UTC')`;
  const members = sql`FROM ${SEGMENT_MEMBERS} FINAL WHERE member = 1 AND segment IN (${param(names, 'Array(String)')})`;
  const id = key64Of(sql`concat(segment, '\n', ${hexOf(sql`person`)}, '\nexited\nv', toString(version))`);
  return [
    sql`INSERT INTO ${SEGMENT_CHANGES} (change_id, segment, segment_version, person, what, at, cause)
      SELECT ${id}, segment, 0, person, 'exited', ${now}, 'release' ${members}`,
    sql`INSERT INTO ${SEGMENT_MEMBERS} (segment, person, since, member, version)
      SELECT segment, person, ${now}, 0, ${param(at.version, 'UInt64')} ${members}`,
  ];
}
