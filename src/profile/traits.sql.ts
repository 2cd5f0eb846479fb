/** Traits of everybody, in SQL: what `PersonProfile.read` says of one person. */
import { EVENTS } from '../collect/contract.ts';
import { type Sql, sql } from '../kernel/sql.ts';
import type { PersonNodeSql } from '../resolve/contract.ts';
import { TRAITS } from './contract.ts';
import { CONSENT_PREFIX } from './state/consent.ts';
import { isFirst } from './state/register.ts';

/** `person UInt64, value String` (JSON): the newest over the nodes of each person. A value of null is none. */
export function storedTraitQuery(trait: string, people: PersonNodeSql): Sql {
  const chosen = trait.startsWith(CONSENT_PREFIX)
    ? sql`argMax(value, (at, value = 'false'))`
    : isFirst(trait)
      ? sql`argMin(value, (at, value, source_id))`
      : sql`argMax(value, (at, value, source_id))`;
  return sql`SELECT who AS person, chosen AS value FROM (
  SELECT if(moved_node = 0, node, moved_person) AS who, ${chosen} AS chosen
  FROM (SELECT node, value, at, source_id FROM ${TRAITS} FINAL WHERE trait = ${trait}) AS said
  LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${people.moved})) AS moved ON node = moved_node
  GROUP BY who
) WHERE chosen != 'null'`;
}

/** The member of an object trait: `address.city` from `address`. */
export function insideQuery(whole: Sql, keys: readonly string[]): Sql {
  const [key = '', ...rest] = keys;
  const inner = sql`SELECT person, inside AS value FROM (
  SELECT person, JSONExtractRaw(value, ${key}) AS inside FROM (${whole}) WHERE JSONType(value) = 'Object'
) WHERE inside NOT IN ('', 'null')`;
  return rest.length === 0 ? inner : insideQuery(inner, rest);
}

/** `$first_seen` and `$last_seen`, from the events. */
export function seenQuery(which: 'min' | 'max', people: PersonNodeSql, now_ms: number): Sql {
  const moment = which === 'min' ? sql`min(timestamp)` : sql`max(timestamp)`;
  return sql`SELECT who AS person, concat('"', formatDateTime(moment, '%Y-%m-%dT%H:%i:%S', 'UTC'), '.',
    leftPad(toString(toUnixTimestamp64Milli(moment) % 1000), 3, '0'), 'Z"') AS value FROM (
  SELECT ${people.person} AS who, ${moment} AS moment
  FROM ${EVENTS} ${people.join}
  WHERE (user_id != '' OR anonymous_id != '') AND timestamp < fromUnixTimestamp64Milli(${now_ms + 2 * 86_400_000}, 'UTC')
  GROUP BY who
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
  SELECT trait, uniqExact(node) AS people,
    arrayDistinct(groupUniqArrayIf(16)(if(JSONType(value) IN ('Int64', 'UInt64'), 'Double', toString(JSONType(value))), value != 'null')) AS kinds
  FROM ${TRAITS} FINAL GROUP BY trait
)
WHERE notEmpty(kinds) ORDER BY trait`;
