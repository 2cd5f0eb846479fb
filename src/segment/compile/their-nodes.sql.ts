import { keysOf } from '../../kernel/key64.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITIES } from '../../resolve/contract.ts';

/** Events of these people can only stand at these nodes, which the projection finds without a scan. */
export const atTheirNodes = (people: readonly string[]): Sql => {
  const keys = keysOf(people);
  return sql`(node IN ${keys} OR node IN (
    SELECT node FROM ${IDENTITIES} WHERE person IN ${keys} OR shared_person IN ${keys}))`;
};
