/** People whom a run of a segmentation put into clusters, as answers of a scan. */
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { ofRun, type RunKey, SEGMENTATION_ASSIGNMENTS } from '../discover/feature-store.sql.ts';
import { SCAN, type Slice, within } from './refresh.sql.ts';

/** `{people}` in one of the clusters. */
export const countAssigned = (key: RunKey, clusters: readonly number[]): Sql => sql`
SELECT count() AS people FROM ${SEGMENTATION_ASSIGNMENTS}
WHERE ${ofRun(key)} AND has(${param(clusters, 'Array(UInt64)')}, cluster)`;

/**
 * Answers of a slice: `clusters` in the order of the first segments, of `segments` in all; nobody is in the others. A
 * person keeps the key of one node, so whoever was joined since the run is where that node is now. Who is left there has
 * the cluster that the run gave them, else that of whoever came.
 */
export const fillAssigned = (
  key: RunKey,
  clusters: readonly number[],
  segments: number,
  moved: Sql,
  range: Slice,
): readonly Sql[] => [
  sql`TRUNCATE TABLE ${SCAN}`,
  sql`
INSERT INTO ${SCAN} (person, hits, timed)
SELECT person, arrayMap(nth -> toUInt8(nth = place), range(1, ${segments + 1})) AS hits, 0 AS timed
FROM (
  SELECT owner AS person, argMin(place, (place = 0, came, assigned)) AS place
  FROM (
    SELECT a.person AS assigned, moved_node != 0 AS came, if(came, moved_person, assigned) AS owner,
      indexOf(${param(clusters, 'Array(UInt64)')}, a.cluster) AS place
    FROM (SELECT person, cluster FROM ${SEGMENTATION_ASSIGNMENTS} WHERE ${ofRun(key)}) AS a
    LEFT ANY JOIN (SELECT node AS moved_node, person AS moved_person FROM (${moved})) AS m ON a.person = moved_node
  )
  GROUP BY owner
)
WHERE ${within(range)}`,
];
