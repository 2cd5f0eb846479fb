import { param, type Sql, sql } from '../../kernel/sql.ts';
import { DISCARDED, EVENTS, IMPORT_BASE, QUARANTINE, RESOLUTIONS } from '../contract.ts';

export interface CountRow {
  readonly source_id: string;
  readonly hour: string;
  readonly measure: 'stored' | 'deduplicated' | 'filtered' | 'quarantined';
  readonly count: number;
}

/** Half-open range of hours, ISO 8601 UTC. */
export interface HourRange {
  readonly from: string;
  readonly to: string;
}

/**
 * What the warehouse holds below a log position and an import watermark, by source and hour of receipt. A resolved event leaves quarantine:
 * a replayed one is counted where it is stored, a discarded one as filtered.
 */
export function warehouseCounts(
  range: HourRange,
  below: { readonly position: number; readonly imported: number },
): Sql {
  const within = sql`received_at >= ${param(range.from, 'DateTime64(3)')} AND received_at < ${param(range.to, 'DateTime64(3)')}
    AND (position < ${below.position} OR (position >= ${IMPORT_BASE} AND position < ${below.imported}))`;
  const by = sql`GROUP BY source_id, hour`;
  const hour = sql`toString(source_id) AS source_id, toDateTime64(toStartOfHour(received_at), 3, 'UTC') AS hour`;
  return sql`
    SELECT source_id, hour, measure, toInt64(sum(n)) AS count FROM (
      SELECT ${hour}, 'stored' AS measure, toInt64(count()) AS n FROM ${EVENTS} WHERE ${within} ${by}
      UNION ALL
      SELECT ${hour}, toString(fate) AS measure, toInt64(count()) AS n FROM ${DISCARDED} WHERE ${within} GROUP BY source_id, hour, fate
      UNION ALL
      SELECT ${hour}, 'quarantined' AS measure, toInt64(count()) AS n FROM ${QUARANTINE} WHERE ${within} ${by}
      UNION ALL
      SELECT ${hour}, 'quarantined' AS measure, -toInt64(count()) AS n FROM ${RESOLUTIONS} WHERE ${within} ${by}
      UNION ALL
      SELECT ${hour}, 'filtered' AS measure, toInt64(count()) AS n FROM ${RESOLUTIONS} WHERE ${within} AND resolution = 'discarded' ${by}
    ) GROUP BY source_id, hour, measure`;
}
