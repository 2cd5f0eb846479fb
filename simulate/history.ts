/** The history, day by day: what the collector would have received, in the order of receipt. */
import { setImmediate } from 'node:timers/promises';
import { DAY_MS } from '../src/kernel/clock.ts';
import { botDay } from './bots.ts';
import { cell } from './cell.ts';
import { dayText, isoOf } from './iso-time.ts';
import { letterDay } from './letters.ts';
import type { Market } from './market.ts';
import { createRun, type Run } from './run.ts';
import { storeDay } from './stores.ts';
import { visitDay } from './visits.ts';
import type { HistoryChunk, HistoryItem } from './wire-event.ts';

/**
 * Chunks of the whole history. `run` (fresh, from createRun) holds the truth when the last chunk was taken;
 * `max_items` splits a day into several chunks. The items are the same however they are cut.
 */
export async function* history(
  market: Market,
  { run = createRun(market), max_items = Number.POSITIVE_INFINITY }: { run?: Run; max_items?: number } = {},
): AsyncGenerator<HistoryChunk> {
  const days: Day[] = Array.from({ length: market.days }, () => ({ times_ms: [], items: [] }));
  run.arrive = (received_ms, source, user_agent, ip, body) => {
    if (received_ms >= market.end_ms) return;
    const day = cell(days, Math.floor((received_ms - market.start_ms) / DAY_MS));
    day.times_ms.push(received_ms);
    day.items.push({ received_at: isoOf(received_ms), source, user_agent, ip, body });
  };
  for (let day = 0; day < market.days; day++) {
    writeDay(run, day);
    const items = inOrder(cell(days, day), market.start_ms + day * DAY_MS);
    days[day] = { times_ms: [], items: [] };
    run.finished = day === market.days - 1;
    const text = dayText(market.start_ms + day * DAY_MS);
    for (let from = 0; from === 0 || from < items.length; from += max_items) {
      const part = items.length <= max_items ? items : items.slice(from, from + max_items);
      const done = items.length === 0 ? 1 : Math.min(1, (from + part.length) / items.length);
      yield { day: text, items: part, progress: (day + done) / market.days };
    }
    // A server that imports its own history keeps answering meanwhile.
    await setImmediate();
  }
}

/** Everything that begins on `day`. */
export function writeDay(run: Run, day: number): void {
  const { parts } = run.market;
  run.day = day;
  run.stock.restock(day);
  run.shelf.setDay(day);
  visitDay(run);
  if (parts.letters) letterDay(run);
  if (parts.stores) storeDay(run);
  if (parts.bots) botDay(run);
}

/** What arrives on one day, in the order of writing. */
interface Day {
  readonly times_ms: number[];
  readonly items: HistoryItem[];
}

/** By receipt; equal times stay in the order of writing. Numbers sort several times faster than objects. */
function inOrder({ times_ms, items }: Day, day_ms: number): HistoryItem[] {
  const room = 2 ** Math.ceil(Math.log2(items.length + 1));
  const keys = Float64Array.from(times_ms, (time_ms, i) => (time_ms - day_ms) * room + i);
  keys.sort();
  return Array.from(keys, (key) => cell(items, key % room));
}
