import { hexOf } from '../../kernel/key64.ts';
import { empty, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonNodeSql } from '../../resolve/contract.ts';
import { GROUP_MEMBERS, GROUP_TRAITS } from '../contract.ts';
import type { GroupName } from '../state/group-key.ts';

/** Members by person: `group_type, group_id, who, since`. */
const members = (people: PersonNodeSql, where: Sql): Sql => sql`
  SELECT group_type, group_id, if(moved_node = 0, node, moved_person) AS who, min(since) AS joined
  FROM (SELECT group_type, group_id, node, since FROM ${GROUP_MEMBERS} FINAL WHERE ${where}) AS said
  LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${people.moved})) AS moved ON node = moved_node
  GROUP BY group_type, group_id, who HAVING who != 0`;

export interface GroupRow {
  readonly type: string;
  readonly id: string;
  readonly members: number;
  readonly last_joined: string;
  /** JSON; empty when nobody said. */
  readonly name: string;
}

/** Groups with an id that begins so, of one type or of any. */
export const groupsLike = (start: string, type: string | undefined): Sql =>
  sql`startsWith(group_id, ${start}) ${type === undefined ? empty : sql`AND group_type = ${type}`}`;

export const ofGroup = ({ type, id }: GroupName): Sql => sql`group_type = ${type} AND group_id = ${id}`;

/** Groups with their members, the largest first. */
export const listGroups = (people: PersonNodeSql, which: Sql, limit: number, offset: number): Sql =>
  sql`SELECT toString(group_type) AS type, group_id AS id, count() AS members, max(joined) AS last_joined, any(named) AS name
FROM (${members(people, which)}) AS of_group
LEFT ANY JOIN (SELECT group_type, group_id, value AS named FROM ${GROUP_TRAITS} FINAL WHERE trait = 'name' AND ${which}) AS names
  USING (group_type, group_id)
GROUP BY group_type, group_id
ORDER BY members DESC, type, id LIMIT ${limit} OFFSET ${offset}`;

/** `{person_key, since}`: members, who joined last first. */
export const membersOf = (group: GroupName, people: PersonNodeSql, limit: number, offset: number): Sql =>
  sql`SELECT ${hexOf(sql`who`)} AS person_key, joined AS since FROM (${members(people, ofGroup(group))})
ORDER BY since DESC, who LIMIT ${limit} OFFSET ${offset}`;
