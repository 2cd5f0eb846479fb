/**
 * received = stored + deduplicated + filtered + quarantined + pending, for each source and hour of receipt.
 *
 * `received` is counted from the log as it is read, the next four from the rows that are physically in the warehouse,
 * `pending` from the tail of the log. All are taken at one log position, so the sum holds at every moment.
 */
export interface ReconciliationRow {
  readonly source_id: string;
  /** Start of the hour, ISO 8601 UTC. */
  readonly hour: string;
  readonly received: number;
  readonly stored: number;
  readonly deduplicated: number;
  readonly filtered: number;
  readonly quarantined: number;
  readonly pending: number;
  /** received less the five others: 0 unless something is wrong. */
  readonly difference: number;
}

export type Measure = 'received' | 'stored' | 'deduplicated' | 'filtered' | 'quarantined' | 'pending';

export interface Count {
  readonly source_id: string;
  readonly hour: string;
  readonly measure: Measure;
  readonly count: number;
}

const ZERO = { received: 0, stored: 0, deduplicated: 0, filtered: 0, quarantined: 0, pending: 0 };

/** Adds the counts up; rows newest hour first, then by source. */
export function reconcile(counts: readonly Count[]): ReconciliationRow[] {
  const rows = new Map<string, { source_id: string; hour: string } & Record<Measure, number>>();
  for (const { source_id, hour, measure, count } of counts) {
    const key = `${hour} ${source_id}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = { source_id, hour, ...ZERO };
      rows.set(key, row);
    }
    row[measure] += count;
  }
  return [...rows.values()]
    .filter(
      (row) =>
        row.received + row.stored + row.deduplicated + row.filtered + row.quarantined + row.pending > 0,
    )
    .map((row) => ({ ...row, difference: differenceOf(row) }))
    .sort((a, b) =>
      a.hour === b.hour ? a.source_id.localeCompare(b.source_id) : b.hour.localeCompare(a.hour),
    );
}

const differenceOf = (row: Record<Measure, number>): number =>
  row.received - row.stored - row.deduplicated - row.filtered - row.quarantined - row.pending;

export function totals(rows: readonly ReconciliationRow[]): Omit<ReconciliationRow, 'source_id' | 'hour'> {
  const sum = (measure: Measure | 'difference') => rows.reduce((total, row) => total + row[measure], 0);
  return {
    received: sum('received'),
    stored: sum('stored'),
    deduplicated: sum('deduplicated'),
    filtered: sum('filtered'),
    quarantined: sum('quarantined'),
    pending: sum('pending'),
    // Opposite errors of two sources must not cancel out.
    difference: rows.reduce((total, row) => total + Math.abs(row.difference), 0),
  };
}
