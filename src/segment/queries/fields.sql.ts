import { EVENTS, IMPORT_BASE } from '../../collect/contract.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { TRAITS } from '../../profile/contract.ts';
import { OWN_SOURCE } from '../rules/signal.ts';

/** `{type, event, seen_30d, seen}`, the most frequent first. */
export const eventCounts = (from_ms: number): Sql => sql`
SELECT toString(type) AS type, toString(event) AS event,
  countIf(received_at >= ${param(new Date(from_ms).toISOString(), 'DateTime64(3)')}) AS seen_30d, count() AS seen
FROM ${EVENTS} WHERE source_id != ${OWN_SOURCE} AND node != 0
GROUP BY type, event ORDER BY seen DESC, type, event LIMIT 1000`;

export interface EventFieldRow {
  readonly type: string;
  readonly event: string;
  readonly name: string;
  readonly types: readonly string[];
  /** JSON. */
  readonly examples: readonly string[];
  /** Events of the kind that were looked at, and those that had the field. */
  readonly of: number;
  readonly seen: number;
  /** Those where it was a text that begins as a date does. */
  readonly dates: number;
  /** Names inside it, where it was an object. */
  readonly inside: readonly string[];
}

/** Events at either end of the table that are looked into. */
const TAIL = 30_000;
const KIND_MAX = 500;

/** JSON of a text that begins as an ISO 8601 date does. */
const DATE = '^"\\d{4}-\\d{2}';
/** Names inside an object; of one with as many not all may be known. */
export const INSIDE_MAX = 100;

const kindOf = (raw: Sql): Sql =>
  sql`multiIf(startsWith(${raw}, '"'), 'text', startsWith(${raw}, '{'), 'object', startsWith(${raw}, '['), 'list',
    ${raw} IN ('true', 'false'), 'boolean', ${raw} = 'null', 'empty', 'number')`;

/** Properties of the newest events, of the log and of imported history: EventFieldRow. */
export const eventFields = (): Sql => sql`
WITH
  (SELECT max(position) FROM ${EVENTS} WHERE position < ${param(IMPORT_BASE, 'UInt64')}) AS log_end,
  (SELECT max(position) FROM ${EVENTS}) AS end
SELECT type, event, field.1 AS name, groupUniqArray(3)(field.2) AS types, groupUniqArray(5)(substringUTF8(field.3, 1, 100)) AS examples,
  any(of) AS of, count() AS seen, countIf(match(field.3, ${DATE})) AS dates,
  groupUniqArrayArray(${INSIDE_MAX})(if(field.2 = 'object', JSONExtractKeys(field.3), [])) AS inside
FROM (
  SELECT type, event, count() OVER (PARTITION BY type, event) AS of,
    arrayMap(kv -> (kv.1, ${kindOf(sql`kv.2`)}, kv.2), JSONExtractKeysAndValuesRaw(properties)) AS fields
  FROM (
    SELECT toString(type) AS type, toString(event) AS event, properties FROM ${EVENTS}
    WHERE source_id != ${OWN_SOURCE} AND node != 0
      AND (position + ${TAIL} > log_end AND position <= log_end OR position + ${TAIL} > end)
    LIMIT ${KIND_MAX} BY type, event
  )
)
ARRAY JOIN fields AS field
GROUP BY type, event, name
ORDER BY type, event, seen DESC, name
LIMIT 20000`;

export interface TraitExampleRow {
  readonly trait: string;
  /** JSON. */
  readonly examples: readonly string[];
}

/** Nodes whose values are looked at, of each trait; their keys are spread evenly. */
const TRAIT_NODES = 20_000;

/** Frequent values of traits, never of those that are different for nearly everybody, as addresses are. */
export const traitExamples = (): Sql => sql`
SELECT trait, groupArray(5)(value) AS examples
FROM (
  SELECT trait, value, n, sum(n) OVER (PARTITION BY trait) AS total, count() OVER (PARTITION BY trait) AS different
  FROM (
    SELECT toString(trait) AS trait, value, count() AS n
    FROM (SELECT trait, value FROM ${TRAITS} FINAL WHERE length(value) <= 100 LIMIT ${TRAIT_NODES} BY trait)
    GROUP BY trait, value
  )
  ORDER BY trait, n DESC, value
)
WHERE different <= 50 OR n >= 20
GROUP BY trait`;

/** `{trait, values, dates}`: of some nodes of each trait how many there are, and how many begin as dates do. */
export const traitDates = (): Sql => sql`
SELECT toString(trait) AS trait, count() AS values, countIf(match(value, ${DATE})) AS dates
FROM (SELECT trait, value FROM ${TRAITS} FINAL LIMIT ${TRAIT_NODES} BY trait) GROUP BY trait`;
