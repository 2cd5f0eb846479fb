import { empty, param, type Sql, sql, statement } from '../../kernel/sql.ts';
import { EVENTS } from '../contract.ts';

export interface Span {
  readonly from_ms: number;
  readonly to_ms: number;
}

export interface EventCountRow {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  readonly baseline: number;
  readonly window: number;
}

export interface FieldShapeRow {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  /** `properties.products[*].price`; empty for the row that counts the events themselves. */
  readonly path: string;
  readonly kind: string;
  /** Events in which the path has this kind, at least once. */
  readonly events: number;
  /** Up to three values as JSON text, cut at 200 characters. */
  readonly samples: readonly string[];
}

const moment = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');

const within = ({ from_ms, to_ms }: Span): Sql => sql`
  toStartOfHour(received_at) >= toStartOfHour(${moment(from_ms)}) AND received_at >= ${moment(from_ms)}
  AND received_at < ${moment(to_ms)}`;

/** Without a source: all but the product's own events, whose id is `system`. */
const ofSource = (source: string | undefined, system: string): Sql =>
  source === undefined ? sql`source_id != ${system}` : sql`source_id = ${source}`;

/** How often each event came, before and now: EventCountRow, the most frequent first. `window` follows `baseline`. */
export const eventCounts = (at: {
  baseline: Span;
  window: Span;
  source: string | undefined;
  system: string;
}): Sql => sql`
  SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event,
    countIf(received_at < ${moment(at.baseline.to_ms)}) AS baseline,
    countIf(received_at >= ${moment(at.window.from_ms)}) AS window
  FROM ${EVENTS}
  WHERE ${within({ from_ms: at.baseline.from_ms, to_ms: at.window.to_ms })} AND ${ofSource(at.source, at.system)}
  GROUP BY source_id, type, event
  ORDER BY baseline + window DESC, source_id, type, event
  LIMIT 5000`;

export interface EventShare {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  /** Of 10,000 events, how many are looked at; chosen by the hash of the message id. */
  readonly per_10k: number;
}

/** Lists of objects are followed for this many items. */
const MAX_ITEMS = 20;

/** A step down: the fields of an object, or of the objects in a list; other items of a list stand as `path[*]`. */
const CHILDREN = statement(`multiIf(
  startsWith(f.2, '{'), arrayMap(kv -> (concat(f.1, '.', kv.1), kv.2), JSONExtractKeysAndValuesRaw(f.2)),
  startsWith(f.2, '['), arrayFlatten(arrayMap(
    item -> if(startsWith(item, '{'),
      arrayMap(kv -> (concat(f.1, '[*].', kv.1), kv.2), JSONExtractKeysAndValuesRaw(item)),
      [(concat(f.1, '[*]'), item)]),
    arraySlice(JSONExtractArrayRaw(f.2), 1, ${MAX_ITEMS}))),
  [])`);

const KIND =
  statement(`multiIf(f.2 IN ('null', '""'), 'empty', startsWith(f.2, '"'), 'text', startsWith(f.2, '{'), 'object',
  startsWith(f.2, '['), 'list', f.2 IN ('true', 'false'), 'boolean', 'number')`);

/** Only these have anything below them; the others need not be looked into. */
const containers = (names: 'names1' | 'names2'): Sql =>
  statement(`arrayFilter(f -> startsWith(f.2, '{') OR startsWith(f.2, '['), ${names})`);

const top = (column: 'properties' | 'traits'): Sql =>
  statement(`arrayMap(kv -> (concat('${column}.', kv.1), kv.2), JSONExtractKeysAndValuesRaw(${column}))`);

/**
 * Every path down to three names and its kinds, with the number of events that have it: FieldShapeRow. `shares` thins
 * out frequent events; what is not in it is looked at whole.
 */
export function fieldShapes(at: {
  span: Span;
  source: string | undefined;
  system: string;
  shares: readonly EventShare[];
}): Sql {
  return sql`
    SELECT source_id, type, event, field.1 AS path, field.3 AS kind, count() AS events,
      groupArraySample(3, 1)(field.2) AS samples
    FROM (
      SELECT source_id, type, event, arrayJoin(arrayConcat([('', '', 'event')], once)) AS field
      FROM (
        SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event,
          arrayConcat(${top('properties')}, ${top('traits')}) AS names1,
          arrayFlatten(arrayMap(f -> ${CHILDREN}, ${containers('names1')})) AS names2,
          arrayFlatten(arrayMap(f -> ${CHILDREN}, ${containers('names2')})) AS names3,
          arrayMap(f -> (f.1, substringUTF8(f.2, 1, 200), ${KIND}), arrayConcat(names1, names2, names3)) AS found,
          arrayFilter((f, nth) -> nth = 1, found, arrayEnumerateUniq(arrayMap(f -> (f.1, f.3), found))) AS once
        FROM ${EVENTS}
        WHERE ${within(at.span)} AND ${ofSource(at.source, at.system)} ${thinned(at.shares)}
      )
    )
    GROUP BY source_id, type, event, path, kind
    ORDER BY events DESC, source_id, type, event, path, kind
    LIMIT 50000`;
}

function thinned(shares: readonly EventShare[]): Sql {
  if (shares.length === 0) return empty;
  const keys = shares.map((one) => `${one.source_id}\x1f${one.type}\x1f${one.event}`);
  const limits = shares.map((one) => one.per_10k);
  return sql`AND cityHash64(message_id) % 10000 < transform(
    concat(toString(source_id), char(31), toString(type), char(31), toString(event)),
    ${param(keys, 'Array(String)')}, ${param(limits, 'Array(UInt64)')}, toUInt64(10000))`;
}
