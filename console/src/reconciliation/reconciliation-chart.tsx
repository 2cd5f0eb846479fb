import { useMemo } from 'react';
import type { ReconciliationRow } from '../api/reconciliation.ts';
import { Chart } from '../elements/chart.tsx';
import { bucketRows, fillGaps } from './buckets.ts';

const SERIES = [
  { key: 'stored', name: 'Stored', colour: 'green' },
  { key: 'deduplicated', name: 'Repeats', colour: 'grey' },
  { key: 'filtered', name: 'Filtered', colour: 'amber' },
  { key: 'quarantined', name: 'Quarantined', colour: 'red' },
  { key: 'pending', name: 'Pending', colour: 'blue' },
] as const;

interface Props {
  readonly rows: readonly ReconciliationRow[];
  readonly by: 'hour' | 'day';
  /** Ends of the time shown, ISO; the rows' own where absent. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export function ReconciliationChart({ rows, by, from, to }: Props) {
  const buckets = useMemo(() => fillGaps(bucketRows(rows, by), by, from, to), [rows, by, from, to]);
  const series = SERIES.map(({ key, name, colour }) => ({
    name,
    colour,
    values: buckets.map((bucket) => bucket[key]),
  }));
  return (
    <div className="pl-panel" style={{ padding: 12 }}>
      <Chart
        kind="bar"
        stacked
        label={`Events received by ${by}, split by what became of them. The table below holds the same numbers.`}
        categories={buckets.map((bucket) => labelOf(bucket.at, by))}
        x_label={by === 'hour' ? 'Hour received (your time)' : 'Day received (UTC)'}
        y_label={`Events per ${by}`}
        series={series}
        height_px={250}
      />
    </div>
  );
}

export function labelOf(at: string, by: 'hour' | 'day'): string {
  const date = new Date(at);
  if (by === 'day')
    return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return date.toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
