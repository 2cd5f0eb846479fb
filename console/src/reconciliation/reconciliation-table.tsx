import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ReconciliationRow } from '../api/reconciliation.ts';
import { formatCount } from '../elements/number-format.ts';
import { absoluteTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { rowsByDay, sortRows } from './buckets.ts';
import { labelOf } from './reconciliation-chart.tsx';

const STEP = 100;

export function ReconciliationTable({
  rows,
  by,
}: {
  readonly rows: readonly ReconciliationRow[];
  readonly by: 'hour' | 'day';
}) {
  const [shown, setShown] = useState(STEP);
  const sorted = useMemo(() => (by === 'day' ? rowsByDay(rows) : sortRows(rows)), [rows, by]);
  return (
    <>
      <ScrollTable label="Counts by source and time" min_width={820}>
        <thead>
          <tr>
            <th>{by === 'hour' ? 'Hour' : 'Day (UTC)'}</th>
            <th>Source</th>
            <th data-number>Received</th>
            <th data-number>Stored</th>
            <th data-number>Repeats</th>
            <th data-number>Filtered</th>
            <th data-number>Quarantined</th>
            <th data-number>Pending</th>
            <th data-number>Difference</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row) => (
            <tr key={`${row.hour}${row.source_id}`}>
              <td style={{ whiteSpace: 'nowrap' }}>
                <time dateTime={row.hour} title={absoluteTime(row.hour)}>
                  {labelOf(row.hour, by)}
                </time>
              </td>
              <td>{row.source_name}</td>
              <td data-number>{formatCount(row.received)}</td>
              <td data-number>{formatCount(row.stored)}</td>
              <td data-number>{formatCount(row.deduplicated)}</td>
              <td data-number>{formatCount(row.filtered)}</td>
              <td data-number>{formatCount(row.quarantined)}</td>
              <td data-number>{formatCount(row.pending)}</td>
              <td data-number>
                <Difference value={row.difference} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {shown < sorted.length && (
        <Group>
          <Button variant="default" onClick={() => setShown(shown + STEP)}>
            Show more ({formatCount(sorted.length - shown)} rows left)
          </Button>
        </Group>
      )}
    </>
  );
}

function Difference({ value }: { readonly value: number }) {
  if (value === 0) return <IconCheck size={15} color="var(--pl-green)" aria-label="none" role="img" />;
  return (
    <span style={{ color: 'var(--pl-red)', fontWeight: 600 }}>
      <IconAlertTriangle size={13} aria-hidden /> {formatCount(value)}
    </span>
  );
}
