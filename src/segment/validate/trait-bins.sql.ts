import { keysOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import { BINS, type TraitBin } from './judge-sensitivity.ts';

type Sums = readonly (readonly number[])[];

/** A bin of values; of each segment by its place in the list, who are inside and the moments, places first. */
export interface BinRow {
  readonly bin: number;
  readonly people: number;
  readonly columns: number;
  readonly inside: Sums;
  readonly squares: Sums;
  readonly cubes: Sums;
  readonly fourths: Sums;
}

/** Of the segment at a place of the list. */
export function binsAt(rows: readonly BinRow[], place: number): TraitBin[] {
  const at = ([places = [], sums = []]: Sums): number => sums[places.indexOf(place)] ?? 0;
  return rows.map(({ bin, people, columns, inside, squares, cubes, fourths }) => ({
    bin: bin < 0 ? null : bin,
    values: { columns, people, inside: at(inside), moments: [at(squares), at(cubes), at(fourths)] },
  }));
}

/** `BinRow`s of a trait by membership. `trait`: a query with `person` and `value` (JSON). */
export const binsByMembership = (segments: readonly string[], trait: Sql): Sql => {
  const list = param(segments, 'Array(String)');
  return bins(sql`
  SELECT t.value AS value, count() AS holders, sumMap(m.held, arrayMap(one -> toUInt64(1), m.held)) AS members
  FROM (${trait}) AS t
  LEFT ANY JOIN (
    SELECT person, groupArray(toUInt32(indexOf(${list}, toString(segment)) - 1)) AS held
    FROM ${SEGMENT_MEMBERS} FINAL WHERE member = 1 AND segment IN (${list}) GROUP BY person
  ) AS m ON t.person = m.person
  GROUP BY value`);
};

/** The same for people who are the only segment, among those that `among` is true of. */
export const binsAmong = (people: readonly string[], trait: Sql, among: Sql | undefined): Sql =>
  bins(sql`
  SELECT value, count() AS holders, ([toUInt32(0)], [countIf(is_in)]) AS members
  FROM (
    SELECT value, person IN (SELECT arrayJoin(${keysOf(people)})) AS is_in FROM (${trait}) WHERE ${among ?? sql`true`}
  )
  GROUP BY value`);

/** Numbers, also as text; dates stand in their order as numbers. */
const number: Sql = sql`
  if(match(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}'),
    toFloat64OrNull(replaceAll(substring(text, 1, 10), '-', '')),
    toFloat64OrNull(text))`;

/**
 * Values in hundredths of the people with a number, -1 for all others. People with one value are never parted, so a value
 * that many have fills bins alone. No value is cut off: an association sits where it sits.
 */
const bins = (by_value: Sql): Sql => {
  const moment = (power: number): Sql =>
    sql`sumMap(members.1, arrayMap(one -> holders * pow(one / holders, ${power}), members.2))`;
  return sql`
  SELECT
    if(is_number, toInt32(least(${BINS - 1}, floor(${BINS} * below / greatest(1, numbers)))), -1) AS bin,
    sum(holders) AS people, count() AS columns,
    sumMap(members.1, members.2) AS inside, ${moment(2)} AS squares, ${moment(3)} AS cubes, ${moment(4)} AS fourths
  FROM (
    SELECT holders, members, is_number,
      sum(holders) OVER (PARTITION BY is_number ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - holders AS below,
      sum(holders) OVER (PARTITION BY is_number) AS numbers
    FROM (
      SELECT holders, members, trimBoth(value, '"') AS text, ${number} AS given, ifNull(isFinite(given), 0) AS is_number,
        if(is_number, assumeNotNull(given), 0) AS number
      FROM (${by_value})
    )
  )
  GROUP BY bin`;
};
