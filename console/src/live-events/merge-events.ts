import type { EventRecord } from '../api/events.ts';

/** History written in bulk has places above every live one; it is never news. */
const IMPORT_BASE = 2 ** 52;

/** Neighbours in the log may become visible a moment apart: the last few are read again. */
const OVERLAP = 30;

/** Both lists as one, newest first, one row a position; the later answer wins, since fates settle. */
export function mergeEvents(
  held: readonly EventRecord[],
  arrived: readonly EventRecord[],
): readonly EventRecord[] {
  const by_position = new Map(held.map((event) => [event.position, event]));
  let changed = false;
  for (const event of arrived) {
    if (by_position.get(event.position)?.fate === event.fate) continue;
    changed = true;
    by_position.set(event.position, event);
  }
  if (!changed) return held;
  return [...by_position.values()].sort(
    (a, b) => Date.parse(b.received_at) - Date.parse(a.received_at) || b.position - a.position,
  );
}

/** Log position to read on from; undefined when nothing is held and the newest page is wanted. */
export function pollAfter(held: readonly EventRecord[]): number | undefined {
  if (held.length === 0) return undefined;
  const newest = held.reduce(
    (most, event) => (event.position < IMPORT_BASE ? Math.max(most, event.position) : most),
    0,
  );
  return Math.max(0, newest - OVERLAP);
}
