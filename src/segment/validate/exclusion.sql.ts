import { EVENTS } from '../../collect/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { moment, type Window, within } from '../discover/event-reading.sql.ts';
import { orders } from '../discover/rfm.sql.ts';
import type { RfmSettings } from '../discover/rfm-settings.ts';
import { membersOf } from './members.sql.ts';

export type OrderSettings = Pick<
  RfmSettings,
  'order_event' | 'revenue' | 'order_id' | 'refund_event' | 'refund'
>;

export interface ExcludedRow {
  /** 1 for members of the excluded segment. */
  readonly excluded: 0 | 1;
  readonly people: number;
  readonly buyers: number;
  readonly revenue: number;
  readonly inactive: number;
  readonly brief: number;
  readonly brief_revenue: number;
  /** Of those who bought in the longer history: what their rate in it makes for `days`; one number a person. */
  readonly expected: number[];
  /** Those among them who are known for less than `days`. */
  readonly short: number;
}

/**
 * Two rows, the excluded and the others, over people with an event in the history. Somebody is briefly inactive whose
 * silence is no longer than twice the mean pause between the days on which they did something. Nobody's rate is taken from less
 * than `days`: one order of yesterday is no habit of ordering every day.
 */
export const exclusionRows = (
  segment: string,
  settings: OrderSettings,
  at: { readonly window: Window; readonly history: Window; readonly inactive_days: number },
  people: PersonSql,
): Sql => {
  const days = (window: Window) => (Date.parse(window.to) - Date.parse(window.from)) / DAY_MS;
  return sql`
  SELECT
    excluded, count() AS people, countIf(in_window != 0) AS buyers, sum(in_window) AS revenue,
    countIf(is_inactive) AS inactive, countIf(is_brief) AS brief, sumIf(in_window, is_brief) AS brief_revenue,
    groupArrayIf(in_history / greatest(${days(at.window)}, known_days) * ${days(at.window)}, in_history != 0 AND excluded = 1)
      AS expected,
    countIf(in_history != 0 AND known_days < ${days(at.window)}) AS short
  FROM (
    SELECT
      a.person IN (SELECT person FROM (${membersOf(segment)})) AS excluded,
      o.in_window AS in_window, o.in_history AS in_history,
      dateDiff('second', a.first, ${moment(at.history.to)}) / 86400 AS known_days,
      dateDiff('second', a.last, ${moment(at.history.to)}) / 86400 AS silence,
      silence >= ${at.inactive_days} AS is_inactive,
      is_inactive AND a.days > 1 AND silence <= 2 * dateDiff('second', a.first, a.last) / 86400 / (a.days - 1) AS is_brief
    FROM (
      SELECT ${people.person} AS person, min(timestamp) AS first, max(timestamp) AS last, uniqExact(toDate(timestamp)) AS days
      FROM ${EVENTS} ${people.join} WHERE ${within(at.history)} GROUP BY person HAVING person != 0
    ) AS a
    LEFT ANY JOIN (
      SELECT person, sum(net) AS in_history, sumIf(net, ordered_at >= ${moment(at.window.from)}) AS in_window
      FROM (${orders(settings, at.history, people)}) GROUP BY person
    ) AS o ON a.person = o.person
  )
  GROUP BY excluded`;
};
