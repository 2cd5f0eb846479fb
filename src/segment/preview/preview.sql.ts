import { hexOf, keysOf } from '../../kernel/key64.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { IDENTITIES } from '../../resolve/contract.ts';
import { SCAN_SETTINGS } from '../compile/scan.sql.ts';
import { nodesWhere } from '../compile/their-nodes.sql.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';

/** People whose key lies below a bound: keys are spread evenly, so a part of the keys is a sample of the people. */
export interface Sample {
  /** 0 to 1; 1 is everybody. */
  readonly share: number;
}

const boundOf = ({ share }: Sample): Sql =>
  sql`${param(BigInt(Math.floor(share * 2 ** 53)) << 11n, 'UInt64')}`;

/** Condition on `person`; undefined for everybody. */
export const inSample = (sample: Sample): Sql | undefined =>
  sample.share >= 1 ? undefined : sql`person != 0 AND person < ${boundOf(sample)}`;

/** Nodes that their events can stand at; undefined for everybody. */
export const nodesInSample = (sample: Sample): Sql | undefined =>
  sample.share >= 1
    ? undefined
    : nodesWhere((person) => sql`(${person} != 0 AND ${person} < ${boundOf(sample)})`);

/** `{people}`: everybody whom an event can stand for. */
export const countEverybody = (): Sql => sql`
SELECT uniqExact(person) AS people FROM ${IDENTITIES} FINAL
WHERE type IN ('user_id', 'anonymous_id') AND person != 0`;

export const countSample = (sample: Sample): Sql => sql`
SELECT uniqExact(person) AS people FROM ${IDENTITIES} FINAL
WHERE type IN ('user_id', 'anonymous_id') AND ${inSample(sample) ?? sql`person != 0`}`;

/** `{person, hits}` of a scan. */
export const hitsOf = (scan: Sql): Sql => sql`
SELECT ${hexOf(sql`scanned.person`)} AS person, scanned.hits AS hits FROM (${scan}) AS scanned WHERE has(scanned.hits, 1)
${SCAN_SETTINGS}`;

/** `{segment, people, both}`: how many of the sample are in each, and how many of `found`, who are of the sample. */
export const membersInSample = (sample: Sample, found: readonly string[]): Sql => sql`
SELECT toString(segment) AS segment, count() AS people,
  ${found.length === 0 ? sql`toUInt64(0)` : sql`countIf(person IN ${keysOf(found)})`} AS both
FROM ${SEGMENT_MEMBERS} FINAL
WHERE member = 1 AND ${inSample(sample) ?? sql`person != 0`} GROUP BY segment ORDER BY segment`;
