import { EVENTS } from '../../collect/contract.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { hexOf, keyOf, keysOf } from '../../kernel/key64.ts';
import { empty, param, type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITIES, type NodeId, type PersonNodeSql } from '../../resolve/contract.ts';
import { TRAITS } from '../contract.ts';
import { wasThere } from '../traits.sql.ts';

export interface EventOfPerson {
  readonly position: number;
  readonly message_id: string;
  readonly node_key: string;
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  readonly timestamp: string;
  readonly received_at: string;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly group_id: string;
  readonly properties: string;
  readonly traits: string;
  readonly context: string;
  readonly bot: 0 | 1;
}

/** Place of an event in a timeline: those before it are older. */
export interface TimelinePlace {
  readonly at_ms: number;
  readonly position: number;
}

/** Devices behind shared nodes: `{node_key}`. Their anonymous events stand at another node from some time on. */
export const devicesOf = (nodes: readonly NodeId[]): Sql =>
  sql`SELECT DISTINCT ${hexOf(sql`node`)} AS node_key FROM ${IDENTITIES} FINAL WHERE has(${keysOf(nodes)}, shared_person)`;

/** `EventOfPerson`s, newest first. Reads the nodes' events in the order of node and time, not the table. */
export function timelineOf(
  person: PersonId,
  nodes: readonly NodeId[],
  people: PersonNodeSql,
  ask: {
    event?: string | undefined;
    type?: string | undefined;
    before?: TimelinePlace | undefined;
    limit: number;
  },
): Sql {
  const moment = (ms: number) => sql`fromUnixTimestamp64Milli(${ms}, 'UTC')`;
  const { before } = ask;
  const older =
    before === undefined
      ? empty
      : sql`AND timestamp <= ${moment(before.at_ms)} AND (timestamp < ${moment(before.at_ms)} OR position < ${param(before.position, 'UInt64')})`;
  return sql`SELECT position, message_id, ${hexOf(people.node)} AS node_key, toString(source_id) AS source_id, toString(type) AS type,
  toString(event) AS event, timestamp, received_at, user_id, anonymous_id, group_id, properties, traits, context, bot
FROM (
  SELECT position, message_id, node, source_id, type, event, timestamp, received_at, user_id, anonymous_id, group_id,
    properties, traits, context, bot
  FROM ${EVENTS}
  WHERE node IN ${keysOf(nodes)} ${older}
    ${ask.event === undefined ? empty : sql`AND event = ${ask.event}`}
    ${ask.type === undefined ? empty : sql`AND type = ${ask.type}`}
) AS stored ${people.join}
WHERE ${people.person} = ${keyOf(person)}
ORDER BY timestamp DESC, position DESC
LIMIT ${ask.limit}`;
}

/** `{node_key, trait, found}`: nodes of which one of these traits begins with the text, whatever the case. */
export function nodesByTrait(traits: readonly string[], start: string, limit: number): Sql {
  return sql`SELECT ${hexOf(sql`node`)} AS node_key, toString(trait) AS trait, JSONExtractString(value) AS found
FROM ${TRAITS} FINAL
WHERE trait IN ${param(traits, 'Array(String)')} AND startsWith(lowerUTF8(JSONExtractString(value)), lowerUTF8(${start}))
ORDER BY lowerUTF8(found), node LIMIT ${limit}`;
}

/** `{person_key, last_seen, events}`: people with events that were received since a moment, the newest first; null when never seen. */
export function lastSeen(people: PersonNodeSql, since_ms: number, limit: number, offset: number): Sql {
  return sql`SELECT ${hexOf(sql`who`)} AS person_key, maxOrNullIf(at, seen) AS last_seen, count() AS events
FROM (
  SELECT ${people.person} AS who, timestamp AS at, ${wasThere} AS seen FROM ${EVENTS} ${people.join}
  WHERE received_at >= fromUnixTimestamp64Milli(${since_ms}, 'UTC') AND bot = 0 AND node != 0
)
WHERE who != 0
GROUP BY who ORDER BY max(at) DESC, who LIMIT ${limit} OFFSET ${offset}`;
}
