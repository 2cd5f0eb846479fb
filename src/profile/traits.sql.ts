/** Traits of everybody, in SQL: what `PersonProfile.read` says of one person. */
import { EVENTS, IMPORT_SOURCE_ID } from '../collect/contract.ts';
import { DAY_MS } from '../kernel/clock.ts';
import { type Sql, sql } from '../kernel/sql.ts';
import type { PersonNodeSql } from '../resolve/contract.ts';
import { TRAITS } from './contract.ts';
import { CONSENT_PREFIX } from './state/consent.ts';
import { isFirst } from './state/register.ts';

/** `person UInt64, value String` (JSON): the newest over the nodes of each person, `null` where it was taken back. */
function saidQuery(trait: string, people: PersonNodeSql): Sql {
  const chosen = trait.startsWith(CONSENT_PREFIX)
    ? sql`argMax(value, (at, value = 'false'))`
    : isFirst(trait)
      ? sql`argMin(value, (at, value, source_id))`
      : sql`argMax(value, (at, value, source_id))`;
  return sql`SELECT who AS person, chosen AS value FROM (
  SELECT if(moved_node = 0, node, moved_person) AS who, ${chosen} AS chosen
  FROM (SELECT node, value, at, source_id FROM ${TRAITS} FINAL WHERE trait = ${trait}) AS said
  LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${people.moved})) AS moved ON node = moved_node
  GROUP BY who HAVING who != 0
)`;
}

/** The same without those who have none. */
export const storedTraitQuery = (trait: string, people: PersonNodeSql): Sql =>
  sql`SELECT person, value FROM (${saidQuery(trait, people)}) WHERE value != 'null'`;

/** `address.city`: what was said under that very name, else the member `city` of the trait `address` (`whole`). */
export const dottedQuery = (trait: string, whole: Sql, key: string, people: PersonNodeSql): Sql =>
  sql`SELECT person, said AS value FROM (
  SELECT person, argMin(one, place) AS said FROM (
    SELECT person, value AS one, 0 AS place FROM (${saidQuery(trait, people)})
    UNION ALL
    SELECT person, JSONExtractRaw(value, ${key}) AS one, 1 AS place FROM (${whole}) WHERE JSONType(value) = 'Object'
  ) GROUP BY person
) WHERE said NOT IN ('', 'null')`;

/** Rows of files tell of people; only what is bought in one was done by them. As `node-state.ts` has it. */
export const wasThere: Sql = sql`(source_id != ${IMPORT_SOURCE_ID} OR type = 'track')`;

/** `$first_seen` and `$last_seen`, from the events. */
export function seenQuery(which: 'min' | 'max', people: PersonNodeSql, now_ms: number): Sql {
  const moment = which === 'min' ? sql`min(timestamp)` : sql`max(timestamp)`;
  return sql`SELECT who AS person, concat('"', formatDateTime(moment, '%Y-%m-%dT%H:%i:%S', 'UTC'), '.',
    leftPad(toString(toUnixTimestamp64Milli(moment) % 1000), 3, '0'), 'Z"') AS value FROM (
  SELECT ${people.person} AS who, ${moment} AS moment
  FROM ${EVENTS} ${people.join}
  WHERE node != 0 AND ${wasThere} AND timestamp < fromUnixTimestamp64Milli(${now_ms + 2 * DAY_MS}, 'UTC')
  GROUP BY who HAVING who != 0
)`;
}

export interface TraitNameRow {
  readonly trait: string;
  readonly types: readonly string[];
  readonly people: number;
}

/** Stored traits with the JSON types of their values; people are counted by node, so one of several nodes counts more than once. */
export const traitNames = (): Sql => sql`SELECT toString(trait) AS trait, people,
  arraySort(arrayMap(x -> transform(x, ['String', 'Bool', 'Object', 'Array'], ['string', 'boolean', 'object', 'array'], 'number'), kinds)) AS types
FROM (
  SELECT trait, count() AS people,
    arrayDistinct(groupUniqArrayIf(16)(if(JSONType(value) IN ('Int64', 'UInt64'), 'Double', toString(JSONType(value))), value != 'null')) AS kinds
  FROM ${TRAITS} FINAL GROUP BY trait
)
WHERE notEmpty(kinds) ORDER BY trait`;
