import { EVENTS } from '../../collect/contract.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import { type Window, within } from '../discover/event-reading.sql.ts';

/** Queries with `person, value` (JSON) of the traits that fallbacks look at; undefined where nobody can have it. */
export interface FactTraits {
  readonly country: Sql | undefined;
  readonly referrer: Sql | undefined;
  readonly device: Sql | undefined;
}

/** Host of a referrer as the facts of resolve-exclusive.ts have it. */
const hostOf = (value: Sql): Sql =>
  sql`if(${value} = '', 'direct', domainWithoutWWW(if(position(${value}, '://') = 0, concat('https://', ${value}), ${value})))`;

/** Rows `{ country, referrer, device, people }` of people seen in the window who are in none of the segments. */
export const newcomers = (
  segments: readonly string[],
  traits: FactTraits,
  window: Window,
  people: PersonSql,
): Sql => {
  const joined = (name: 'country' | 'referrer' | 'device'): Sql =>
    traits[name] === undefined
      ? sql`LEFT ANY JOIN (SELECT toUInt64(0) AS person, '' AS value WHERE false) AS ${NAMES[name]} ON seen.person = ${NAMES[name]}.person`
      : sql`LEFT ANY JOIN (${traits[name]}) AS ${NAMES[name]} ON seen.person = ${NAMES[name]}.person`;
  const text = (name: 'country' | 'referrer' | 'device'): Sql => sql`JSONExtractString(${NAMES[name]}.value)`;
  return sql`
  SELECT ${text('country')} AS country, ${hostOf(text('referrer'))} AS referrer, ${text('device')} AS device, count() AS people
  FROM (
    SELECT DISTINCT ${people.person} AS person FROM ${EVENTS} ${people.join}
    WHERE ${within(window)} AND ${people.person} != 0
  ) AS seen
  ${joined('country')} ${joined('referrer')} ${joined('device')}
  WHERE seen.person NOT IN (
    SELECT person FROM ${SEGMENT_MEMBERS} FINAL WHERE member = 1 AND segment IN ${param(segments, 'Array(String)')})
  GROUP BY country, referrer, device ORDER BY people DESC LIMIT 10000`;
};

const NAMES = { country: sql`of_country`, referrer: sql`of_referrer`, device: sql`of_device` };
