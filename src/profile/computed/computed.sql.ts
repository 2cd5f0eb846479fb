import { EVENTS } from '../../collect/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { empty, param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { EventTrait } from './compile.ts';
import { allOf } from './conditions.ts';
import { isNumberSql, numberSql, type PropertyPath, scalarSql } from './scalar.ts';
import { dayOf } from './window.ts';

const moment = (ms: number): Sql => sql`fromUnixTimestamp64Milli(${ms}, 'UTC')`;

/** Condition on a row of `events`: whether its kind can count for the trait. */
export const concerns = ({ events, types }: EventTrait): Sql =>
  allOf([
    ...(events.length > 0 ? [sql`event IN ${param(events, 'Array(String)')}`] : []),
    ...(types.length > 0 ? [sql`type IN ${param(types, 'Array(String)')}`] : []),
  ]);

/** Condition on a row of `events`: whether it counts for the trait, whenever it happened. */
export function countsFor(trait: EventTrait): Sql {
  const { body, property, calculation } = trait;
  const needs =
    calculation.needs === 'number' ? isNumberSql : (path: PropertyPath) => sql`${scalarSql(path)} != ''`;
  return allOf([
    concerns(trait),
    ...(body.bots ? [] : [sql`bot = 0`]),
    ...trait.conditions.map((condition) => condition.sql),
    ...(property === undefined ? [] : [needs(property)]),
  ]);
}

/** `person UInt64, value String` (JSON): what `readComputed` says of everybody at `now_ms`, from the events. */
export function computedQuery(trait: EventTrait, people: PersonSql, now_ms: number): Sql {
  const { body, property, calculation } = trait;
  const inWindow =
    body.window_days === undefined
      ? empty
      : sql`AND timestamp >= ${moment((dayOf(now_ms) - body.window_days + 1) * DAY_MS)}`;
  const scalar = property === undefined || calculation.needs !== 'scalar' ? sql`''` : scalarSql(property);
  const number =
    property === undefined || calculation.needs !== 'number' ? sql`toFloat64(0)` : numberSql(property);
  // Nothing is known of the future but what clocks that are a day ahead claim; so a past `now_ms` sees its past.
  return sql`SELECT who AS person, ${calculation.toSql(now_ms)} AS value
FROM (
  SELECT ${people.person} AS who, toUnixTimestamp64Milli(timestamp) AS at, ${scalar} AS scalar, ${number} AS number
  FROM ${EVENTS} ${people.join}
  WHERE ${countsFor(trait)} ${inWindow} AND timestamp < ${moment((dayOf(now_ms) + 2) * DAY_MS)}
)
GROUP BY who HAVING who != 0`;
}
