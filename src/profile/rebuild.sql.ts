import { EVENTS, IMPORT_BASE } from '../collect/contract.ts';
import { hexOf } from '../kernel/key64.ts';
import { empty, param, type Sql, sql } from '../kernel/sql.ts';
import type { NodeId, PersonNodeSql } from '../resolve/contract.ts';
import type { NodeEvent } from './state/node-state.ts';

/** The `index`th of `of` equal parts of all nodes: keys are digests, so parts by range are equal, and read together. */
export interface Slice {
  readonly of: number;
  readonly index: number;
}

export interface HistoryRow extends NodeEvent {
  readonly node: NodeId;
  readonly position: number;
}

const KEYS = 2n ** 64n;

const inSlice = ({ of, index }: Slice): Sql => {
  const from = (KEYS * BigInt(index)) / BigInt(of);
  const last = (KEYS * BigInt(index + 1)) / BigInt(of) - 1n;
  return sql`node BETWEEN ${param(from, 'UInt64')} AND ${param(last, 'UInt64')}`;
};

const imported = sql`position >= ${param(IMPORT_BASE, 'UInt64')}`;

/** Nodes with history that was imported for a stretch of time. */
const importedNodes = (slice: Slice, { from_ms, to_ms }: { from_ms: number; to_ms: number }): Sql => sql`
  SELECT node FROM ${EVENTS} WHERE ${inSlice(slice)} AND ${imported}
    AND timestamp >= fromUnixTimestamp64Milli(${from_ms}, 'UTC') AND timestamp < fromUnixTimestamp64Milli(${to_ms}, 'UTC')`;

/** What the nodes of a slice ever did: `HistoryRow`s, those of a node together. */
export function historyOf(
  slice: Slice,
  people: PersonNodeSql,
  which: {
    readonly matching: Sql;
    /** Of which events all documents are read; of the others those only that people's traits are in. */
    readonly counting: Sql;
    readonly imported_in?: { readonly from_ms: number; readonly to_ms: number };
  },
): Sql {
  const touched =
    which.imported_in === undefined ? empty : sql`AND node IN (${importedNodes(slice, which.imported_in)})`;
  return sql`SELECT ${hexOf(people.node)} AS node_key, position, toString(type) AS type, toString(event) AS event,
  toString(source_id) AS source_id, timestamp, group_id,
  needed_properties AS properties, needed_traits AS traits, context, toString(user_agent) AS user_agent, bot
FROM (
  SELECT node, position, type, event, source_id, timestamp, group_id, context, user_agent, bot,
    ${which.counting} AS counts, if(counts, properties, '{}') AS needed_properties,
    if(counts OR type IN ('identify', 'group'), traits, '{}') AS needed_traits
  FROM ${EVENTS}
  WHERE ${inSlice(slice)} AND node != 0 ${touched} AND (${which.matching})
) AS stored ${people.join}
ORDER BY node_key`;
}

/** One row `{events}`. */
export const countEvents = (): Sql => sql`SELECT count() AS events FROM ${EVENTS}`;
