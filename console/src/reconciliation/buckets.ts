import type { Counts, ReconciliationRow } from '../api/reconciliation.ts';

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
