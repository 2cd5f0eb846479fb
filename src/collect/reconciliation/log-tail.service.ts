/** Reads the part of the log that has no fate yet. */
import type { EventLog, Position } from '../../stores/log/port.ts';

const PAGE_RECORDS = 5_000;

/** Calls `visit` with each line from `from` up to (not including) `to`; stops early when it returns false. */
export async function eachPending(
  log: EventLog,
  from: Position,
  to: Position,
  visit: (line: string, position: Position) => boolean | undefined,
): Promise<void> {
  let at = from;
  while (at < to) {
    const slice = await log.read(at, { max_records: Math.min(PAGE_RECORDS, to - at) });
    if (slice.lines.length === 0) return;
    for (let i = 0; i < slice.lines.length; i++) {
      if (visit(slice.lines[i] as string, slice.first + i) === false) return;
    }
    at = slice.first + slice.lines.length;
  }
}
