import type { Clock } from '../kernel/clock.ts';
import { param, type Sql, sql } from '../kernel/sql.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS } from './contract.ts';

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
    async replace(segment, segment_version, people) {
      const version = clock.now_ms();
      await warehouse.execute(replaceMembers(segment, people, version));
      await warehouse.execute(recordChanges(segment, segment_version, version));
    },
  };
}

const moment = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');

/** Rows for those who came and those who went. The version is the moment, so the newest counts. */
const replaceMembers = (segment: string, people: Sql, now_ms: number): Sql => {
  const standing = sql`SELECT person FROM ${SEGMENT_MEMBERS} FINAL WHERE segment = ${segment} AND member = 1`;
  return sql`
  INSERT INTO ${SEGMENT_MEMBERS} (segment, person, since, member, version)
  SELECT ${segment}, person, ${moment(now_ms)}, 1, ${param(now_ms, 'UInt64')} FROM (${people}) WHERE person NOT IN (${standing})
  UNION ALL
  SELECT ${segment}, person, ${moment(now_ms)}, 0, ${param(now_ms, 'UInt64')} FROM (${standing}) WHERE person NOT IN (${people})
  SETTINGS insert_deduplicate = 0`;
};

/** What the rows of that moment changed. */
const recordChanges = (segment: string, segment_version: number, version: number): Sql => sql`
  INSERT INTO ${SEGMENT_CHANGES} (change_id, segment, segment_version, person, what, at, cause)
  SELECT
    cityHash64(segment, person, version, member), segment, ${segment_version}, person, if(member = 1, 'entered', 'exited'),
    since, 'refresh'
  FROM ${SEGMENT_MEMBERS} FINAL
  WHERE segment = ${segment} AND version = ${param(version, 'UInt64')}
  SETTINGS insert_deduplicate = 0`;
