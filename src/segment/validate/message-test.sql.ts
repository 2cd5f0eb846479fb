import { EVENTS } from '../../collect/contract.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { textAt, type Window, within } from '../discover/event-reading.sql.ts';
import { membersOf } from './members.sql.ts';

/**
 * `ShownRow`s: people by the first variant that they saw in the window, and whether they did `conversion` within `days`
 * of it. `split`: a query with `person` and `value` (JSON) that cuts the people into parts; who has none is `unknown`.
 */
export const shownRows = (
  test: {
    readonly segment: string;
    readonly exposure: string;
    readonly variant: string;
    readonly conversion: string;
    readonly days: number;
    readonly split: Sql | undefined;
  },
  window: Window,
  people: PersonSql,
): Sql => sql`
  SELECT
    seen.person IN (SELECT person FROM (${membersOf(test.segment)})) AS inside,
    ${test.split === undefined ? sql`''` : sql`if(parts.value = '', 'unknown', trimBoth(parts.value, '"'))`} AS part,
    variant, count() AS people, countIf(converted) AS converted
  FROM (
    SELECT
      ${people.person} AS person,
      minIf(timestamp, event = ${test.exposure}) AS shown_at,
      argMinIf(ifNull(${textAt(test.variant)}, ''), timestamp, event = ${test.exposure}) AS variant,
      countIf(event = ${test.exposure}) > 0 AS shown,
      arrayExists(at -> at >= shown_at AND at < shown_at + toIntervalDay(${test.days}), groupArrayIf(timestamp, event = ${test.conversion})) AS converted
    FROM ${EVENTS} ${people.join}
    WHERE ${within(window)} AND event IN (${test.exposure}, ${test.conversion})
    GROUP BY person
  ) AS seen
  ${test.split === undefined ? sql`` : sql`LEFT ANY JOIN (${test.split}) AS parts ON seen.person = parts.person`}
  WHERE shown AND variant != ''
  GROUP BY inside, part, variant
  ORDER BY inside, part, variant
  LIMIT 2000`;
