/** What is asked about one person's graph and about changes. */
import { EVENTS } from '../../collect/contract.ts';
import { hexOf, keyOf, keysOf } from '../../kernel/key64.ts';
import { ident, join, param, type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITY_CHANGES } from '../contract.ts';
import type { Change } from '../graph/changes.ts';

export interface NodeCount {
  readonly node: string;
  readonly events: number;
  /** ISO 8601 UTC. */
  readonly last_seen: string;
}

export const nodeCounts = (nodes: readonly string[]): Sql => sql`
SELECT ${hexOf(sql`e.node`)} AS node, count() AS events, max(timestamp) AS last_seen
FROM ${EVENTS} AS e WHERE e.node IN ${keysOf(nodes)} GROUP BY e.node`;

export interface PairCount {
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly events: number;
}

/** Events that carry a user id and an anonymous id, of user ids at these nodes. */
export const pairCounts = (nodes: readonly string[]): Sql => sql`
SELECT user_id, anonymous_id, count() AS events
FROM ${EVENTS} WHERE node IN ${keysOf(nodes)} AND user_id != '' AND anonymous_id != ''
GROUP BY user_id, anonymous_id ORDER BY events DESC LIMIT 2000`;

export interface ChangeRow {
  readonly change_id: string;
  readonly at: string;
  readonly what: Change['what'];
  readonly cause: Change['cause'];
  readonly rule: string;
  readonly identifiers: string[];
  readonly from_person: string;
  readonly to_person: string;
  readonly nodes: string[];
  readonly kept: string[];
  readonly source_id: string;
  readonly message_id: string;
  readonly actor_id: string;
  readonly detail: string;
}

export interface ChangeFilter {
  readonly person?: string | undefined;
  readonly what?: string | undefined;
  readonly cause?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  /** `ms-change_id` of the last one seen. */
  readonly after?: string | undefined;
}

const hexes = (column: string): Sql => sql`arrayMap(x -> ${hexOf(sql`x`)}, ${ident(column)})`;

const COLUMNS = sql`${hexOf(sql`change_id`)} AS change_id, at, what, cause, rule, identifiers,
  ${hexOf(sql`from_person`)} AS from_person, ${hexOf(sql`to_person`)} AS to_person,
  ${hexes('nodes')} AS nodes, ${hexes('kept')} AS kept, source_id, message_id, actor_id, detail`;

/** Newest first. */
export function changesQuery({ person, what, cause, from, to, limit, after }: ChangeFilter): Sql {
  const where: Sql[] = [sql`1`];
  if (person !== undefined)
    where.push(sql`(c.from_person = ${keyOf(person)} OR c.to_person = ${keyOf(person)})`);
  if (what !== undefined) where.push(sql`c.what = ${what}`);
  if (cause !== undefined) where.push(sql`c.cause = ${cause}`);
  if (from !== undefined) where.push(sql`c.at >= ${param(new Date(from).toISOString(), 'DateTime64(3)')}`);
  if (to !== undefined) where.push(sql`c.at < ${param(new Date(to).toISOString(), 'DateTime64(3)')}`);
  if (after !== undefined) {
    const [ms = '', id = ''] = after.split('-');
    const at = param(new Date(Number(ms)).toISOString(), 'DateTime64(3)');
    where.push(sql`(c.at < ${at} OR (c.at = ${at} AND c.change_id < ${keyOf(id)}))`);
  }
  return sql`SELECT ${COLUMNS} FROM (
    SELECT * FROM ${IDENTITY_CHANGES} AS c FINAL WHERE ${join(where, ' AND ')}
    ORDER BY c.at DESC, c.change_id DESC LIMIT ${limit})`;
}

export const changeById = (id: string): Sql =>
  sql`SELECT ${COLUMNS} FROM (SELECT * FROM ${IDENTITY_CHANGES} AS c WHERE c.change_id = ${keyOf(id)} LIMIT 1)`;
