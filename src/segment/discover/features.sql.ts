import { EVENTS } from '../../collect/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { join, type Sql, sql } from '../../kernel/sql.ts';
import { type EventsOf, moment, numberAt, textAt, type Window, within } from './event-reading.sql.ts';
import { rfmValues } from './rfm.sql.ts';
import type { Feature, FittedSegmentation, Segmentation } from './segmentation.ts';

/** `person UInt64, values Array(Nullable(Float64))`: everybody of the population, the values in the order of the features. */
export const featureRows = (body: Segmentation, window: Window, people: EventsOf): Sql =>
  body.method === 'rfm'
    ? sql`SELECT person, [recency, frequency, monetary]::Array(Nullable(Float64)) AS \`values\` FROM (${rfmValues(body.rfm, window, people)})`
    : behaviour(body, window, people);

/** One scan of the window's events, however many features. */
function behaviour(body: FittedSegmentation, window: Window, people: EventsOf): Sql {
  const having =
    body.population_event === undefined ? sql`` : sql`AND countIf(${named(body.population_event)}) > 0`;
  return sql`
  SELECT person, [${join(
    body.features.map((_, i) => sql`f.${i + 1}`),
    ', ',
  )}]::Array(Nullable(Float64)) AS \`values\`
  FROM (
    SELECT
      ${people.person} AS person,
      tuple(${join(
        body.features.map((feature) => aggregate(feature, body.window_days, window)),
        ', ',
      )}) AS f
    FROM ${EVENTS} ${people.join}
    WHERE ${within(window, people.where)}
    GROUP BY person
    HAVING person != 0 ${having}
  )`;
}

/** A page or screen is an event too, by its type: it may have a name or none. */
const named = (event: string): Sql => sql`(event = ${event} OR (event = '' AND type = ${event}))`;

/** Nullable(Float64). Without events: 0, the whole window for days, NULL for an average. */
function aggregate(feature: Feature, segmentation_days: number, { to }: Window): Sql {
  const days = feature.window_days ?? segmentation_days;
  const recent =
    days === segmentation_days
      ? sql`true`
      : sql`timestamp >= ${moment(new Date(Date.parse(to) - days * DAY_MS).toISOString())}`;
  const counted = sql`${recent} AND ${feature.event === undefined ? sql`true` : named(feature.event)}`;
  const { property, equals } = feature;
  switch (feature.measure) {
    case 'count':
      return sql`toFloat64(countIf(${counted}))`;
    case 'days_since':
      return sql`if(countIf(${counted}) = 0, ${days}, dateDiff('second', maxIf(timestamp, ${counted}), ${moment(to)}) / 86400)`;
    case 'sum':
      return sql`ifNull(sumIf(${numberAt(property ?? '')}, ${counted}), 0)`;
    case 'average':
      return sql`avgIf(${numberAt(property ?? '')}, ${counted})`;
    case 'distinct':
      return sql`toFloat64(uniqExactIf(${textAt(property ?? '')}, ${counted}))`;
    case 'share':
      return property === undefined
        ? sql`countIf(${counted}) / greatest(countIf(${recent}), 1)`
        : sql`countIf(${counted} AND ${textAt(property)} = ${equals ?? ''}) / greatest(countIf(${counted}), 1)`;
  }
}
