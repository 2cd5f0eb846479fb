import { type Clock, DAY_MS, HOUR_MS, hourStart } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { EventLog, Position } from '../../stores/log/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { IMPORT_BASE, IMPORTED_KEY, type LoggedEvent } from '../contract.ts';
import { hourOf } from '../fate/settle.ts';
import { type CountRow, type HourRange, warehouseCounts } from './counts.sql.ts';
import { eachPending } from './log-tail.service.ts';
import { type Count, type ReconciliationRow, reconcile, totals } from './reconcile.ts';

const RANGE_DAYS_MAX = 400;
const RECEIVED = 'received:';
const SCAN_PAGE = 10_000;

export interface Reconciliation {
  readonly as_of_position: Position;
  readonly rows: readonly ReconciliationRow[];
  readonly totals: ReturnType<typeof totals>;
}

export function createReconciliationService(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Key under which the pipeline commits its position, together with the counters. */
  readonly position_key: string;
}) {
  const { warehouse, online, log, clock, position_key } = deps;

  /** How far the pipeline and the imports are, from one snapshot. */
  async function marks(): Promise<{ position: Position; imported: number }> {
    const [position, imported] = await online.getMany<number>([position_key, IMPORTED_KEY]);
    return { position: position ?? log.start(), imported: imported ?? IMPORT_BASE };
  }

  /** Counters and the marks that they belong to: read again when a commit came in between. */
  async function receivedCounts(range: HourRange) {
    for (let attempt = 0; ; attempt++) {
      const before = await marks();
      const counts: Count[] = [];
      // Keys are `received:<hour>:<source>`: one range scan, in order of time.
      let after = `${RECEIVED}${range.from}`;
      for (;;) {
        const entries = await online.scan<number>(RECEIVED, { limit: SCAN_PAGE, after });
        const inside = entries.filter((entry) => entry.key < `${RECEIVED}${range.to}`);
        for (const { key, value } of inside) {
          const hour = key.slice(RECEIVED.length, RECEIVED.length + 24);
          counts.push({
            hour,
            source_id: key.slice(RECEIVED.length + 25),
            measure: 'received',
            count: value,
          });
        }
        if (entries.length < SCAN_PAGE || inside.length < entries.length) break;
        after = entries.at(-1)?.key ?? after;
      }
      const now = await marks();
      if (now.position === before.position && now.imported === before.imported) return { below: now, counts };
      if (attempt === 50)
        throw new AppError('store_unavailable', {
          message: 'The counters changed faster than they could be read.',
          retry_after_s: 1,
        });
    }
  }

  /** Pending events are received too: they count on both sides. */
  async function pendingCounts(from: Position, range: HourRange): Promise<Count[]> {
    const tail = new Map<string, number>();
    await eachPending(log, from, log.end(), (line) => {
      const event = JSON.parse(line) as LoggedEvent;
      if (event.kind !== 'event') return undefined;
      const hour = hourOf(event.received_at);
      if (hour >= range.from && hour < range.to) {
        const key = `${hour}:${event.source_id}`;
        tail.set(key, (tail.get(key) ?? 0) + 1);
      }
      return undefined;
    });
    return [...tail].flatMap(([key, count]) => {
      const at = { hour: key.slice(0, 24), source_id: key.slice(25), count };
      return [
        { ...at, measure: 'received' as const },
        { ...at, measure: 'pending' as const },
      ];
    });
  }

  return {
    /** Whole hours of receipt from `from` to `to` (exclusive); the last 24 hours when not given. */
    async run(
      options: { readonly from?: string; readonly to?: string; readonly source?: string } = {},
    ): Promise<Reconciliation> {
      const range = hourRange(options.from, options.to, clock.now_ms());
      const { below, counts } = await receivedCounts(range);
      const pending = await pendingCounts(below.position, range);
      const settled = await warehouse.query<CountRow>(warehouseCounts(range, below));
      const all = reconcile([...counts, ...pending, ...settled]);
      const rows = options.source === undefined ? all : all.filter((row) => row.source_id === options.source);
      return { as_of_position: below.position, rows, totals: totals(rows) };
    },
  };
}

export type ReconciliationService = ReturnType<typeof createReconciliationService>;

function hourRange(from: string | undefined, to: string | undefined, now_ms: number): HourRange {
  const end = to === undefined ? hourStart(now_ms) + HOUR_MS : Math.ceil(Date.parse(to) / HOUR_MS) * HOUR_MS;
  const start = from === undefined ? end - DAY_MS : hourStart(Date.parse(from));
  if (start >= end)
    throw new AppError('invalid_input', {
      field: 'from',
      rule: 'before `to`',
      message: '`from` must be earlier than `to`.',
    });
  if (end - start > RANGE_DAYS_MAX * DAY_MS) {
    throw new AppError('invalid_input', {
      field: 'from',
      rule: `at most ${RANGE_DAYS_MAX} days`,
      message: `Ask for ${RANGE_DAYS_MAX} days or fewer at a time.`,
    });
  }
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}
