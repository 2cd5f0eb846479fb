import { type Clock, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { SYSTEM_SOURCE_ID } from '../sources/source-index.ts';
import {
  type EventCountRow,
  type EventShare,
  eventCounts,
  type FieldShapeRow,
  fieldShapes,
  type Span,
} from './field-shapes.sql.ts';
import {
  DRIFT_KINDS,
  type Drift,
  type EventShape,
  type FieldShape,
  judgeEvents,
  judgeFields,
  RULES,
} from './judge-drift.ts';

/** Of each event and side about this many are read at most: enough to see a change of one in two hundred. */
const MAX_EXAMINED = 3_000;
const MAX_FINDINGS = 500;

export interface DriftQuestion {
  readonly source?: string | undefined;
  readonly baseline_days: number;
  readonly window_hours: number;
}

export interface DriftFinding extends Drift {
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
}

interface ComparedSpan {
  /** ISO 8601 UTC; `to` is not inside. */
  readonly from: string;
  readonly to: string;
  readonly events: number;
  /** Events whose fields were read. */
  readonly examined: number;
}

export interface DriftReport {
  /** Most serious kind first, then by number of events. */
  readonly findings: readonly DriftFinding[];
  readonly compared: {
    readonly baseline: ComparedSpan;
    readonly window: ComparedSpan;
    /** Kinds of events judged, and those left out because a side has too few. */
    readonly events_judged: number;
    readonly events_with_too_few: number;
  };
}

export interface DriftService {
  report(question: DriftQuestion): Promise<DriftReport>;
}

/** Compares the last hours with the days before them, for stored events by the time they were received. */
export function createDriftService(deps: {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
}): DriftService {
  const { warehouse, clock } = deps;
  return {
    report: async ({ source, baseline_days, window_hours }) => {
      const to_ms = clock.now_ms();
      const window: Span = { from_ms: to_ms - window_hours * HOUR_MS, to_ms };
      const baseline: Span = { from_ms: window.from_ms - baseline_days * DAY_MS, to_ms: window.from_ms };
      const scope = { source, system: SYSTEM_SOURCE_ID };
      const counts = await warehouse.query<EventCountRow>(eventCounts({ baseline, window, ...scope }));
      const read = (span: Span, side: 'baseline' | 'window') =>
        warehouse.query<FieldShapeRow>(fieldShapes({ span, ...scope, shares: sharesOf(counts, side) }));
      const [before, after] = (await Promise.all([read(baseline, 'baseline'), read(window, 'window')])).map(
        shapesOf,
      );
      const findings = counts.flatMap((row) => {
        const shape_before = before?.get(keyOf(row));
        const shape_after = after?.get(keyOf(row));
        if (shape_before === undefined || shape_after === undefined) return [];
        const { source_id, type, event } = row;
        return judgeFields(shape_before, shape_after).map((drift) => ({ ...drift, source_id, type, event }));
      });
      const judged = counts.filter((row) => Math.min(row.baseline, row.window) >= RULES.min_events).length;
      return {
        findings: [...findings, ...eventDrifts(counts)].sort(bySeriousness).slice(0, MAX_FINDINGS),
        compared: {
          baseline: comparedSpan(baseline, counts, 'baseline', before),
          window: comparedSpan(window, counts, 'window', after),
          events_judged: judged,
          events_with_too_few: counts.length - judged,
        },
      };
    },
  };
}

type EventKey = Pick<EventCountRow, 'source_id' | 'type' | 'event'>;
const keyOf = ({ source_id, type, event }: EventKey): string => `${source_id}\x1f${type}\x1f${event}`;

const sharesOf = (counts: readonly EventCountRow[], side: 'baseline' | 'window'): EventShare[] =>
  counts
    .filter((row) => row[side] > MAX_EXAMINED)
    .map(({ source_id, type, event, [side]: count }) => ({
      source_id,
      type,
      event,
      per_10k: Math.ceil((MAX_EXAMINED / count) * 10_000),
    }));

function shapesOf(rows: readonly FieldShapeRow[]): Map<string, EventShape> {
  const shapes = new Map<string, EventShape>();
  for (const [key, ofEvent] of Map.groupBy(rows, keyOf)) {
    const fields = new Map<string, FieldShape>();
    for (const [path, ofPath] of Map.groupBy(ofEvent, (row) => row.path)) {
      if (path === '') continue;
      fields.set(path, {
        kinds: new Map(ofPath.map(({ kind, events, samples }) => [kind, { events, samples }])),
      });
    }
    shapes.set(key, { events: ofEvent.find((row) => row.path === '')?.events ?? 0, fields });
  }
  return shapes;
}

const eventDrifts = (counts: readonly EventCountRow[]): DriftFinding[] =>
  [...Map.groupBy(counts, (row) => row.source_id).values()].flatMap((rows) =>
    judgeEvents(rows).map(({ row: { source_id, type, event }, drift }) => ({
      ...drift,
      source_id,
      type,
      event,
    })),
  );

function comparedSpan(
  span: Span,
  counts: readonly EventCountRow[],
  side: 'baseline' | 'window',
  shapes: Map<string, EventShape> | undefined,
): ComparedSpan {
  return {
    from: new Date(span.from_ms).toISOString(),
    to: new Date(span.to_ms).toISOString(),
    events: counts.reduce((sum, row) => sum + row[side], 0),
    examined: [...(shapes?.values() ?? [])].reduce((sum, shape) => sum + shape.events, 0),
  };
}

const bySeriousness = (a: DriftFinding, b: DriftFinding): number =>
  DRIFT_KINDS.indexOf(a.kind) - DRIFT_KINDS.indexOf(b.kind) ||
  b.count - a.count ||
  (`${keyOf(a)}${a.path}` < `${keyOf(b)}${b.path}` ? -1 : 1);
