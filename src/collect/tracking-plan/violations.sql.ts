import { empty, param, type Sql, sql } from '../../kernel/sql.ts';
import { EVENTS, QUARANTINE } from '../contract.ts';

export interface ViolationGroupRow {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly action: 'allow' | 'strip' | 'quarantine';
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample_position: number;
  readonly sample_message_id: string;
  /** JSON text: the newest event, as stored or as it arrived. */
  readonly sample_payload: string;
}

export interface ViolationFilter {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly source?: string | undefined;
  readonly event?: string | undefined;
  readonly limit: number;
}

const moment = (ms: number) => param(new Date(ms).toISOString(), 'DateTime64(3)');

/** Inside [from, to); the first condition is what the sort key can use. */
const within = (from_ms: number, to_ms: number): Sql => sql`
  toStartOfHour(received_at) >= toStartOfHour(${moment(from_ms)}) AND received_at >= ${moment(from_ms)}
  AND received_at < ${moment(to_ms)}`;

/** Violations of stored events (allowed, stripped) and of quarantined ones, one row a kind: ViolationGroupRow, most first. */
export function violationGroups(filter: ViolationFilter): Sql {
  const where = sql`${within(filter.from_ms, filter.to_ms)} AND violations NOT IN ('', '[]')
    ${filter.source === undefined ? empty : sql`AND source_id = ${filter.source}`}
    ${filter.event === undefined ? empty : sql`AND event = ${filter.event}`}`;
  return sql`
    SELECT source_id, type, event, JSONExtractString(violation, 'path') AS path, JSONExtractString(violation, 'rule') AS rule,
      JSONExtractString(violation, 'message') AS message, JSONExtractString(violation, 'action') AS action,
      count() AS count, min(received_at) AS first_at, max(received_at) AS last_at,
      argMax(position, (received_at, position)) AS sample_position,
      argMax(message_id, (received_at, position)) AS sample_message_id,
      argMax(payload, (received_at, position)) AS sample_payload
    FROM (
      SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event, received_at, position,
        message_id, arrayJoin(JSONExtractArrayRaw(violations)) AS violation,
        concat('{"type":', toJSONString(type), ',"event":', toJSONString(event), ',"properties":',
          if(properties = '', '{}', properties), ',"traits":', if(traits = '', '{}', traits), '}') AS payload
      FROM ${EVENTS} WHERE ${where}
      UNION ALL
      SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event, received_at, position,
        message_id, arrayJoin(JSONExtractArrayRaw(violations)) AS violation, payload
      FROM ${QUARANTINE} WHERE ${where}
    )
    GROUP BY source_id, type, event, path, rule, message, action
    ORDER BY count DESC, source_id, type, event, path, message
    LIMIT ${param(filter.limit, 'UInt64')}`;
}

export interface PlanActivityRow {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  /** `shop@1`; empty for events that no entry of a plan covers. */
  readonly plan: string;
  readonly seen: number;
  readonly violations: number;
  readonly last_seen_at: string;
}

/**
 * What the sources sent: stored, and quarantined for breaking a plan. Counts are from `recent_ms` on, the last sighting
 * from `from_ms` on. A replayed event counts where it was quarantined, not again. One row a source, event and plan:
 * PlanActivityRow, the busiest first.
 */
export function planActivity(at: {
  from_ms: number;
  recent_ms: number;
  to_ms: number;
  sources: readonly string[];
}): Sql {
  const where = sql`${within(at.from_ms, at.to_ms)} AND source_id IN ${param(at.sources, 'Array(String)')}`;
  return sql`
    SELECT source_id, type, event, plan, countIf(received_at >= ${moment(at.recent_ms)}) AS seen,
      countIf(broken AND received_at >= ${moment(at.recent_ms)}) AS violations, max(received_at) AS last_seen_at
    FROM (
      SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event, toString(plan) AS plan,
        received_at, violations NOT IN ('', '[]') AS broken
      FROM ${EVENTS} WHERE ${where} AND origin = 0
      UNION ALL
      SELECT toString(source_id) AS source_id, toString(type) AS type, toString(event) AS event, toString(plan) AS plan,
        received_at, true AS broken
      FROM ${QUARANTINE} WHERE ${where} AND reason IN ('schema_violation', 'unknown_event')
    )
    GROUP BY source_id, type, event, plan
    ORDER BY seen DESC, source_id, type, event, plan
    LIMIT 10000`;
}
