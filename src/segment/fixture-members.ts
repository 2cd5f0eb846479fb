/** Members as rows, without anything that decides who they are, for tests of what reads them. */
import { param, type Sql, sql } from '../kernel/sql.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS } from './contract.ts';

/** `people`: a query with the column `person UInt64`. Who is in the segment already stays since when. */
export async function addMembers(
  warehouse: Warehouse,
  segment: string,
  people: Sql,
  at_ms: number,
): Promise<void> {
  const at = param(new Date(at_ms).toISOString(), 'DateTime64(3)');
  const version = param(at_ms, 'UInt64');
  const standing = sql`SELECT person FROM ${SEGMENT_MEMBERS} FINAL WHERE segment = ${segment} AND member = 1`;
  await warehouse.execute(sql`
    INSERT INTO ${SEGMENT_CHANGES} (change_id, segment, segment_version, person, what, at, cause)
    SELECT cityHash64(${segment}, person, ${version}), ${segment}, 1, person, 'entered', ${at}, 'refresh'
    FROM (${people}) WHERE person NOT IN (${standing})`);
  await warehouse.execute(sql`
    INSERT INTO ${SEGMENT_MEMBERS} (segment, person, since, member, version)
    SELECT ${segment}, person, ${at}, 1, ${version} FROM (${people}) WHERE person NOT IN (${standing})`);
}
