import { EVENTS } from '../../collect/contract.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { textAt, type Window, within } from '../discover/event-reading.sql.ts';
import { membersOf } from './members.sql.ts';

/** As `Others` among names of people's own making: in brackets it is nobody's value by accident. */
const OTHERS = '(others)';

/**
 * `ShownRow`s: people by the first variant that they saw in the window, and whether they did `conversion` within `days`
 * of it. `split`: a query with `person` and `value` (JSON) that cuts the people into parts; who has none is `unknown`.
 * Variants, and parts of the segment, of fewer than `least` people are one together: such a value can be a person's own.
 */
export const shownRows = (
  test: {
    readonly segment: string;
    readonly exposure: string;
    readonly variant: string;
    readonly conversion: string;
    readonly days: number;
    readonly split: Sql | undefined;
    readonly least: number;
  },
  window: Window,
  people: PersonSql,
): Sql => sql`
  SELECT
    inside,
    if(inside = 1 AND of_part < ${test.least}, ${OTHERS}, one_part) AS part,
    if(of_variant < ${test.least}, ${OTHERS}, one_variant) AS variant,
    sum(many) AS people, sum(did) AS converted
  FROM (
    SELECT inside, one_part, one_variant, many, did,
      sum(many) OVER (PARTITION BY one_variant) AS of_variant,
      sum(many) OVER (PARTITION BY inside, one_part) AS of_part
    FROM (
      SELECT
        seen.person IN (SELECT person FROM (${membersOf(test.segment)})) AS inside,
        ${test.split === undefined ? sql`''` : sql`if(inside = 0, '', if(parts.value = '', 'unknown', trimBoth(parts.value, '"')))`} AS one_part,
        shown_variant AS one_variant, count() AS many, countIf(converted) AS did
      FROM (
        SELECT
          ${people.person} AS person,
          minIf(timestamp, event = ${test.exposure}) AS shown_at,
          argMinIf(ifNull(${textAt(test.variant)}, ''), timestamp, event = ${test.exposure}) AS shown_variant,
          countIf(event = ${test.exposure}) > 0 AS shown,
          arrayExists(at -> at >= shown_at AND at < shown_at + toIntervalDay(${test.days}), groupArrayIf(timestamp, event = ${test.conversion})) AS converted
        FROM ${EVENTS} ${people.join}
        WHERE ${within(window)} AND event IN (${test.exposure}, ${test.conversion})
        GROUP BY person
      ) AS seen
      ${test.split === undefined ? sql`` : sql`LEFT ANY JOIN (${test.split}) AS parts ON seen.person = parts.person`}
      WHERE shown AND shown_variant != ''
      GROUP BY inside, one_part, one_variant
    )
  )
  GROUP BY inside, part, variant
  ORDER BY inside, part, variant
  LIMIT 2000`;
