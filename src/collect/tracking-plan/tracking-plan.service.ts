import type { Definitions } from '../../govern/contract.ts';
import { type Clock, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Source } from '../sources/source.ts';
import { type PlannedEvent, parsePlan } from './plan-body.ts';
import { TRACKING_PLAN } from './tracking-plan-kind.ts';
import {
  type PlanActivityRow,
  planActivity,
  type ViolationGroupRow,
  violationGroups,
} from './violations.sql.ts';

const MAX_GROUPS = 500;
const LOOK_BACK_MS = 30 * DAY_MS;

export interface PlanReport {
  readonly name: string;
  /** Of the released definition. */
  readonly version: number;
  readonly description: string | null;
  readonly sources: readonly { readonly id: string; readonly name: string }[];
  readonly events: readonly PlannedEventReport[];
  /** Track events of the plan's sources that it does not name, in the last 24 hours, most first. */
  readonly unplanned: readonly { readonly event: string; readonly type: string; readonly count: number }[];
}

export interface PlannedEventReport {
  readonly event: string;
  readonly type: string;
  readonly version: string;
  readonly description: string | null;
  readonly on_violation: 'allow' | 'strip' | 'quarantine';
  readonly schema: unknown;
  /** Stored or quarantined. */
  readonly seen_24h: number;
  readonly violations_24h: number;
  /** In the last 30 days. */
  readonly last_seen_at: string | null;
}

export interface TrackingPlanService {
  plans(): Promise<PlanReport[]>;
  violations(filter: {
    hours: number;
    source?: string | undefined;
    event?: string | undefined;
  }): Promise<ViolationGroupRow[]>;
}

export function createTrackingPlanService(deps: {
  readonly warehouse: Warehouse;
  readonly definitions: Definitions;
  readonly sources: () => readonly Source[];
  readonly clock: Clock;
}): TrackingPlanService {
  const { warehouse, definitions, sources, clock } = deps;
  return {
    plans: async () => {
      const now_ms = clock.now_ms();
      const planned = sources().filter((source) => source.settings.tracking_plan !== null);
      const ids = planned.map((source) => source.id);
      const window = {
        from_ms: now_ms - LOOK_BACK_MS,
        recent_ms: now_ms - DAY_MS,
        to_ms: now_ms + 1,
        sources: ids,
      };
      const rows = ids.length === 0 ? [] : await warehouse.query<PlanActivityRow>(planActivity(window));
      return definitions.current(TRACKING_PLAN).flatMap(({ name, version, body }) => {
        const parsed = parsePlan(body);
        if (parsed.is === 'refused') return [];
        const own = planned.filter((source) => source.settings.tracking_plan === name);
        const ownIds = new Set(own.map((source) => source.id));
        const ownRows = rows.filter((row) => ownIds.has(row.source_id));
        const { description = null, events, on_violation } = parsed.plan;
        return {
          name,
          version,
          description,
          sources: own.map((source) => ({ id: source.id, name: source.name })),
          events: events.map((event) => ({
            ...eventReport(event, on_violation),
            ...activityOf(event, name, events, ownRows),
          })),
          unplanned: unplannedOf(events, ownRows),
        };
      });
    },
    violations: ({ hours, source, event }) => {
      const to_ms = clock.now_ms() + 1;
      const filter = { from_ms: to_ms - hours * HOUR_MS, to_ms, source, event, limit: MAX_GROUPS };
      return warehouse.query<ViolationGroupRow>(violationGroups(filter));
    },
  };
}

const eventReport = (planned: PlannedEvent, fallback: PlannedEventReport['on_violation']) => ({
  event: planned.event,
  type: planned.type,
  version: planned.version,
  description: planned.description ?? null,
  on_violation: planned.on_violation ?? fallback,
  schema: planned.schema,
});

function activityOf(
  planned: PlannedEvent,
  plan: string,
  all: readonly PlannedEvent[],
  rows: readonly PlanActivityRow[],
) {
  const mine = rows.filter(
    (row) =>
      row.type === planned.type &&
      row.plan === `${plan}@${planned.version}` &&
      isEntryOf(planned, row.event, all),
  );
  return {
    seen_24h: mine.reduce((sum, row) => sum + row.seen, 0),
    violations_24h: mine.reduce((sum, row) => sum + row.violations, 0),
    last_seen_at: mine.reduce<string | null>(
      (last, row) => (last === null || row.last_seen_at > last ? row.last_seen_at : last),
      null,
    ),
  };
}

/** The unnamed entry of a type covers the names that have none of their own: as in the checker. */
function isEntryOf(planned: PlannedEvent, event: string, all: readonly PlannedEvent[]): boolean {
  if (planned.event === event) return true;
  return planned.event === '' && !all.some((other) => other.type === planned.type && other.event === event);
}

function unplannedOf(events: readonly PlannedEvent[], rows: readonly PlanActivityRow[]) {
  const known = new Set(events.filter((event) => event.type === 'track').map((event) => event.event));
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (row.type !== 'track' || row.seen === 0 || known.has(row.event)) continue;
    counts.set(row.event, (counts.get(row.event) ?? 0) + row.seen);
  }
  return [...counts]
    .map(([event, count]) => ({ event, type: 'track', count }))
    .sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1));
}
