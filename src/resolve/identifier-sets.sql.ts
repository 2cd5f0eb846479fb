/** Which identifiers stand together in stored events, in SQL: the raw values, to be read as the stream reads them. */
import { EVENTS } from '../collect/contract.ts';
import { HOUR_MS } from '../kernel/clock.ts';
import { ident, join, param, type Sql, sql } from '../kernel/sql.ts';
import type { EventReader } from './rules/identifiers-of-event.ts';
import type { TimeRange } from './time-slices.ts';

export interface IdentifierSetRow {
  readonly is_alias: 0 | 1;
  readonly user: string;
  readonly anonymous: string;
  readonly previous: string;
  /** Raw JSON of each path's value, in the order of `reader.paths`; empty when absent. */
  readonly found: readonly string[];
  /** Raw JSON of `context.externalIds`; empty when absent. */
  readonly external: string;
  /** Of the earliest event with this set, ms since 1970. */
  readonly at_ms: number;
  readonly source: string;
  readonly message: string;
  readonly heard_ms: number;
}

const time = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');
const inRange = ({ from_ms, to_ms }: TimeRange): Sql =>
  sql`timestamp >= ${time(from_ms)} AND timestamp < ${time(to_ms)}`;

/** Cheap test first: JSON is parsed only where the key's name occurs. */
const rawAt = (root: string, keys: readonly string[], marks: readonly string[]): Sql => sql`if(
  ${join(
    marks.map((mark) => sql`position(${ident(root)}, ${mark}) > 0`),
    ' AND ',
  )},
  JSONExtractRaw(${ident(root)}, ${join(
    keys.map((key) => sql`${key}`),
    ', ',
  )}), '')`;

export function identifierSets(reader: EventReader, range: TimeRange): Sql {
  const found = reader.paths.map(({ root, keys, marks }) => rawAt(root, keys, marks));
  return sql`SELECT
    toUInt8(type = 'alias') AS is_alias, user_id AS user, anonymous_id AS anonymous,
    if(type = 'alias', previous_id, '') AS previous,
    CAST([${join(found, ', ')}], 'Array(String)') AS found,
    ${rawAt('context', ['externalIds'], ['"externalIds"'])} AS external,
    toUnixTimestamp64Milli(min(timestamp)) AS at_ms,
    argMin(source_id, (timestamp, message_id)) AS source,
    argMin(message_id, (timestamp, message_id)) AS message,
    toUnixTimestamp64Milli(argMin(received_at, (timestamp, message_id))) AS heard_ms
  FROM ${EVENTS}
  WHERE ${inRange(range)} AND node != 0
  GROUP BY is_alias, user, anonymous, previous, found, external`;
}

export interface HourCount {
  /** Its start. */
  readonly from_ms: number;
  readonly events: number;
}

/** Hours with events, in order. */
export const hourCounts = (range: TimeRange): Sql => sql`
  SELECT intDiv(toUnixTimestamp64Milli(timestamp), ${HOUR_MS}) * ${HOUR_MS} AS from_ms, count() AS events
  FROM ${EVENTS} WHERE ${inRange(range)} GROUP BY from_ms ORDER BY from_ms`;
