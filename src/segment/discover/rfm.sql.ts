import { EVENTS } from '../../collect/contract.ts';
import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import { type EventsOf, moment, numberAt, textAt, type Window, within } from './event-reading.sql.ts';
import type { RfmCuts } from './rfm.ts';
import type { NamedScores, RfmSettings } from './rfm-settings.ts';

/**
 * `person UInt64, recency Float64 (whole days), frequency Float64, monetary Float64` of everybody with an order in the
 * window. An order counts once however often it was sent (by order id, else by message id). Refunds, in the window or
 * after the order at any time before its end, subtract; an order that was paid back in full does not count.
 */
export const rfmValues = (
  rfm: Pick<RfmSettings, 'order_event' | 'revenue' | 'order_id' | 'refund_event' | 'refund'>,
  window: Window,
  people: EventsOf,
): Sql => sql`
  SELECT
    person,
    toFloat64(dateDiff('day', toDate(max(ordered_at)), toDate(${moment(window.to)}))) AS recency,
    toFloat64(count()) AS frequency,
    sum(net) AS monetary
  FROM (${orders(rfm, window, people)})
  WHERE net > 0 OR gross = 0
  GROUP BY person`;

/** `person, order_key, ordered_at, gross, net`, one row an order that was made in the window. */
export const orders = (
  {
    order_event,
    revenue,
    order_id,
    refund_event,
    refund,
  }: Pick<RfmSettings, 'order_event' | 'revenue' | 'order_id' | 'refund_event' | 'refund'>,
  window: Window,
  people: EventsOf,
): Sql => sql`
  SELECT
    person, order_key, ordered_at, gross, if(refunded_all, 0, gross - least(gross, refunded)) AS net
  FROM (
    SELECT
      ${people.person} AS person,
      ifNull(nullIf(${textAt(order_id)}, ''), message_id) AS order_key,
      minIf(timestamp, event = ${order_event}) AS ordered_at,
      countIf(event = ${order_event}) AS times,
      ifNull(anyIf(${numberAt(revenue)}, event = ${order_event}), 0) AS gross,
      ifNull(sumIf(${numberAt(refund)}, event = ${refund_event}), 0) AS refunded,
      countIf(event = ${refund_event} AND ${numberAt(refund)} IS NULL) > 0 AS refunded_all
    FROM ${EVENTS} ${people.join}
    WHERE ${within(window, people.where)} AND type = 'track' AND event IN (${order_event}, ${refund_event})
    GROUP BY person, order_key
    HAVING person != 0
  )
  WHERE times > 0`;

/** `person, values, r, f, m`: scores from 1 to 5, 5 the best, of people with `values` = [recency, frequency, monetary]. */
function scored(features: Sql, cuts: RfmCuts): Sql {
  const bin = (i: number, at: readonly number[]) =>
    sql`arrayCount(cut -> assumeNotNull(\`values\`[${i}]) >= cut, ${param(at, 'Array(Float64)')})`;
  // Other than five bins are spread over 1 to 5, rounded up.
  const five = (score: Sql, at: readonly number[]) =>
    sql`intDiv((${score}) * 5 + ${at.length}, ${at.length + 1})`;
  return sql`
    SELECT
      person, \`values\`,
      ${five(sql`${cuts.recency.length + 1} - ${bin(1, cuts.recency)}`, cuts.recency)} AS r,
      ${five(sql`${bin(2, cuts.frequency)} + 1`, cuts.frequency)} AS f,
      ${five(sql`${bin(3, cuts.monetary)} + 1`, cuts.monetary)} AS m
    FROM (${features})`;
}

/** `person, cluster`: the number of each person's segment among the named ones, from `values` = [recency, frequency, monetary]. */
export function rfmClusters(features: Sql, cuts: RfmCuts, segments: readonly NamedScores[]): Sql {
  const fits = segments.map(
    ({ recency: [r, R], frequency: [f, F], monetary: [m, M] }, i) => sql`
      r BETWEEN ${r} AND ${R} AND f BETWEEN ${f} AND ${F} AND m BETWEEN ${m} AND ${M}, ${i}`,
  );
  return sql`
  SELECT person, toInt32(multiIf(${join(fits, ', ')}, ${segments.length})) AS cluster
  FROM (${scored(features, cuts)})`;
}

/** `recency, frequency, people, monetary_mean`, one row a pair of scores that somebody has. */
export const rfmGrid = (features: Sql, cuts: RfmCuts): Sql => sql`
  SELECT toUInt8(r) AS recency, toUInt8(f) AS frequency, count() AS people, avg(assumeNotNull(\`values\`[3])) AS monetary_mean
  FROM (${scored(features, cuts)})
  GROUP BY recency, frequency
  ORDER BY recency DESC, frequency DESC`;
