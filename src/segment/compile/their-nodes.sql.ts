import { keysOf } from '../../kernel/key64.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITIES } from '../../resolve/contract.ts';

/** Query with the column `node`: where events of the people can stand for whom a condition holds. */
export const nodesWhere = (holds: (person: Sql) => Sql): Sql => sql`
SELECT node FROM ${IDENTITIES} FINAL
WHERE ${holds(sql`person`)} OR (shared_person != 0 AND ${holds(sql`shared_person`)})`;

/** Events of these people can only stand at these nodes, which the projection finds without a scan. */
export const atTheirNodes = (people: readonly string[]): Sql => {
  const keys = keysOf(people);
  return sql`(node IN ${keys} OR node IN (${nodesWhere((person) => sql`${person} IN ${keys}`)}))`;
};
