import { DAY_MS } from '../../kernel/clock.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import { EVENTS } from '../contract.ts';

export interface SourceActivity {
  readonly events_24h: number;
  /** ISO 8601 UTC; the last 30 days are looked at. */
  readonly last_event_at: string | null;
}

export interface SourceActivityRow extends SourceActivity {
  readonly source_id: string;
}

const LOOK_BACK_MS = 30 * DAY_MS;

/** One row a source with an event stored in the last 30 days: SourceActivityRow. */
export const sourceActivity = (now_ms: number): Sql => {
  const iso = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');
  // The condition on toStartOfHour() is what the sort key can use.
  return sql`
    SELECT source_id, countIf(received_at > ${iso(now_ms - DAY_MS)}) AS events_24h, max(received_at) AS last_event_at
    FROM ${EVENTS}
    WHERE toStartOfHour(received_at) >= toStartOfHour(${iso(now_ms - LOOK_BACK_MS)})
      AND received_at <= ${iso(now_ms)}
    GROUP BY source_id
    ORDER BY source_id`;
};
