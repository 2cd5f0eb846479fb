import type { Counts, ReconciliationRow } from '../api/reconciliation.ts';

/** More bars than this tell nothing on a screen. */
const MOST_BARS = 2_000;

const KEYS = [
  'received',
  'stored',
  'deduplicated',
  'filtered',
  'quarantined',
  'pending',
  'difference',
] as const;

export interface Bucket extends Counts {
  /** Start of the hour or day, ISO, UTC. */
  readonly at: string;
}

export const NOTHING: Counts = {
  received: 0,
  stored: 0,
  deduplicated: 0,
  filtered: 0,
  quarantined: 0,
  pending: 0,
  difference: 0,
};

export function addCounts(a: Counts, b: Counts): Counts {
  return Object.fromEntries(KEYS.map((key) => [key, a[key] + b[key]])) as unknown as Counts;
}

/** Rows of all sources added up by hour or UTC day, oldest first. */
export function bucketRows(rows: readonly ReconciliationRow[], by: 'hour' | 'day'): readonly Bucket[] {
  const buckets = new Map<string, Counts>();
  for (const row of rows) {
    const at = bucketOf(row.hour, by);
    buckets.set(at, addCounts(buckets.get(at) ?? NOTHING, row));
  }
  return [...buckets].map(([at, counts]) => ({ at, ...counts })).sort((a, b) => a.at.localeCompare(b.at));
}

/** Hours or days from `from` to `to` with nothing received, put in between: a gap in a chart is then a gap in time. */
export function fillGaps(
  buckets: readonly Bucket[],
  by: 'hour' | 'day',
  from: string | undefined,
  to: string | undefined,
): readonly Bucket[] {
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined) return buckets;
  const step_ms = by === 'hour' ? 3_600_000 : 86_400_000;
  const start_ms = Math.min(Date.parse(bucketOf(from ?? first.at, by)), Date.parse(first.at));
  const end_ms = Math.max(Date.parse(bucketOf(to ?? last.at, by)), Date.parse(last.at));
  if ((end_ms - start_ms) / step_ms > MOST_BARS) return buckets;
  const known = new Map(buckets.map((bucket) => [bucket.at, bucket]));
  const filled: Bucket[] = [];
  for (let at_ms = start_ms; at_ms <= end_ms; at_ms += step_ms) {
    const at = new Date(at_ms).toISOString();
    filled.push(known.get(at) ?? { at, ...NOTHING });
  }
  return filled;
}

/** Rows of one source and day added up; newest first, then by source. */
export function rowsByDay(rows: readonly ReconciliationRow[]): readonly ReconciliationRow[] {
  const days = new Map<string, ReconciliationRow>();
  for (const row of rows) {
    const hour = bucketOf(row.hour, 'day');
    const key = `${hour} ${row.source_id}`;
    const before = days.get(key);
    days.set(key, { ...row, hour, ...(before === undefined ? {} : addCounts(before, row)) });
  }
  return sortRows([...days.values()]);
}

export function sortRows(rows: readonly ReconciliationRow[]): readonly ReconciliationRow[] {
  return [...rows].sort((a, b) => b.hour.localeCompare(a.hour) || a.source_name.localeCompare(b.source_name));
}

function bucketOf(at: string, by: 'hour' | 'day'): string {
  const iso = new Date(at).toISOString();
  return by === 'hour' ? `${iso.slice(0, 13)}:00:00.000Z` : `${iso.slice(0, 10)}T00:00:00.000Z`;
}

/** Comma-separated, one row a source and hour, with a header. Names are quoted and cannot start a formula. */
export function toCsv(rows: readonly ReconciliationRow[]): string {
  const head = ['hour_utc', 'source_id', 'source_name', ...KEYS].join(',');
  const lines = rows.map((row) =>
    [row.hour, quote(row.source_id), quote(row.source_name), ...KEYS.map((key) => row[key])].join(','),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
