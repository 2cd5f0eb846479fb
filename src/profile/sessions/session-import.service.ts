import { type Clock, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SessionRepair } from './session-repair.service.ts';
import type { CompiledRules } from './session-rules.ts';
import {
  countHistory,
  eventsOfRange,
  peopleOfRange,
  removeStale,
  streamedPeople,
  type TimeRange,
} from './sessions.sql.ts';
import { insertDerived, sessionsFromEvents } from './sessions-from-events.sql.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly sql: PersonSql;
  readonly clock: Clock;
  readonly rules: () => CompiledRules;
  readonly repair: SessionRepair;
}

/**
 * Makes the sessions of history that was written into `events` in bulk, in the warehouse, a month at a time. A second
 * run on the same range leaves the same sessions. People whom the stream knows in the range, or soon may (their
 * history reaches into the last day), go through the repair, so that history and stream join without a seam.
 *
 * Returns how many sessions of the range come from history, and how many people were repaired.
 */
export async function importSessions(
  range: TimeRange,
  deps: Deps,
): Promise<{ sessions: number; repaired: number }> {
  const { warehouse, sql, repair } = deps;
  const rules = deps.rules();
  for (const month of slices(range, 30 * DAY_MS)) {
    const derived = sessionsFromEvents(sql, eventsOfRange(widened(month, rules)), rules);
    const isAgain = (await historyIn(month, warehouse)) > 0;
    await warehouse.execute(insertDerived(derived, month, rules));
    if (isAgain) await warehouse.execute(removeStale(derived, month));
  }
  const recent_ms = Math.max(range.from_ms, deps.clock.now_ms() - rules.keep_ms);
  const recent = peopleOfRange(sql, { from_ms: recent_ms, to_ms: range.to_ms });
  await repair.mark(await peopleIn(recent, warehouse), recent_ms);
  await repair.mark(await peopleIn(streamedPeople(widened(range, rules)), warehouse), range.from_ms);
  let repaired = 0;
  for (let some = await repair.run(); some > 0; some = await repair.run()) repaired += some;
  return { sessions: await historyIn(range, warehouse), repaired };
}

/** Far enough around a range that no session which starts in it is cut: with midnight, a day does. */
function widened({ from_ms, to_ms }: TimeRange, rules: CompiledRules): TimeRange {
  const margin_ms = rules.rules.midnight ? 26 * HOUR_MS : 7 * DAY_MS;
  return { from_ms: from_ms - margin_ms, to_ms: to_ms + margin_ms };
}

function slices({ from_ms, to_ms }: TimeRange, length_ms: number): TimeRange[] {
  const found: TimeRange[] = [];
  for (let at = from_ms; at < to_ms; at += length_ms) {
    found.push({ from_ms: at, to_ms: Math.min(to_ms, at + length_ms) });
  }
  return found;
}

async function historyIn(range: TimeRange, warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.query<{ sessions: number }>(countHistory(range));
  return row?.sessions ?? 0;
}

async function peopleIn(query: ReturnType<typeof streamedPeople>, warehouse: Warehouse): Promise<string[]> {
  return (await warehouse.query<{ person_id: string }>(query)).map((row) => row.person_id);
}
