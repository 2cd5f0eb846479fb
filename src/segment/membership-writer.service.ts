import type { Clock } from '../kernel/clock.ts';
import { param, type Sql, sql } from '../kernel/sql.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { SEGMENT_MEMBERS } from './contract.ts';

/** Sets who is in a segment that no rule decides. */
export interface MembershipWriter {
  /** `people`: a query with the column `person UInt64`. Who stays keeps since when. */
  replace(segment: string, segment_version: number, people: Sql): Promise<void>;
}

export function createMembershipWriter({
  warehouse,
  clock,
}: {
  warehouse: Warehouse;
  clock: Clock;
}): MembershipWriter {
  return {
    replace: (segment, _version, people) =>
      warehouse.execute(replaceMembers(segment, people, clock.now_ms())),
  };
}

/** Rows for those who came and those who went. The version is the moment, so the newest counts. */
const replaceMembers = (segment: string, people: Sql, now_ms: number): Sql => {
  const now = param(new Date(now_ms).toISOString(), 'DateTime64(3)');
  const standing = sql`SELECT person FROM ${SEGMENT_MEMBERS} FINAL WHERE segment = ${segment} AND member = 1`;
  return sql`
  INSERT INTO ${SEGMENT_MEMBERS} (segment, person, since, member, version)
  SELECT ${segment}, person, ${now}, 1, ${param(now_ms, 'UInt64')} FROM (${people}) WHERE person NOT IN (${standing})
  UNION ALL
  SELECT ${segment}, person, ${now}, 0, ${param(now_ms, 'UInt64')} FROM (${standing}) WHERE person NOT IN (${people})
  SETTINGS insert_deduplicate = 0`;
};
