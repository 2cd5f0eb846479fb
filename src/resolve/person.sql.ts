/** Who an event belongs to, in SQL: a small table of what moved, joined to events that never change. */
import { sql } from '../kernel/sql.ts';
import { IDENTITIES, type PersonNodeSql } from './contract.ts';

/** Only nodes that events stand at, and of those only the ones whose person is not simply their own key. */
const elsewhere = sql`(
  SELECT node AS identity_node, person AS identity_person,
    shared_from AS identity_shared_from, shared_person AS identity_shared_person
  FROM ${IDENTITIES} FINAL
  WHERE type IN ('user_id', 'anonymous_id') AND (person != node OR shared_person != 0)
)`;

/** True where a device was already shared when an event stood at it: only anonymous ids are ever shared. */
const afterSharing = sql`identity_shared_person != 0 AND timestamp >= identity_shared_from`;

export const personSql: PersonNodeSql = {
  join: sql`LEFT ANY JOIN ${elsewhere} AS identity ON node = identity_node`,
  person: sql`multiIf(identity_node = 0, node, ${afterSharing}, identity_shared_person, identity_person)`,
  node: sql`if(${afterSharing}, identity_shared_person, node)`,
  moved: sql`SELECT node, person FROM ${IDENTITIES} FINAL WHERE person != node`,
};
