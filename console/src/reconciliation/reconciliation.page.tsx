import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload, IconScale } from '@tabler/icons-react';
import { useMemo } from 'react';
import { type Reconciliation, useReconciliation } from '../api/reconciliation.ts';
import { useSources } from '../api/sources.ts';
import { useAddressState } from '../elements/address-state.ts';
import { download } from '../elements/download.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import type { Page } from '../page.ts';
import { Balance } from './balance.tsx';
import { sortRows, toCsv } from './buckets.ts';
import { ReconciliationChart } from './reconciliation-chart.tsx';
import { ReconciliationTable } from './reconciliation-table.tsx';

export const page: Page = {
  path: '/reconciliation',
  title: 'Reconciliation',
  icon: IconScale,
  order: 50,
  section: 'Collect',
  shortcut: 'r',
  component: ReconciliationPage,
};

const RANGES = [
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
  { value: '720', label: '30 d' },
  { value: 'custom', label: 'Custom' },
];

function ReconciliationPage() {
  const [address, setAddress] = useAddressState();
  const chosen = address['range'] ?? '24';
  const range = useRange(chosen, address['from'], address['to']);
  const by = address['by'] === 'day' || (address['by'] === undefined && chosen !== '24') ? 'day' : 'hour';
  const report = useReconciliation(range, address['source'], chosen !== 'custom');
  const sources = useSources().data ?? [];
  return (
    <>
      <PageHead
        title="Delivery reconciliation"
        about="Every received event is counted exactly once: the numbers must add up, hour by hour."
        actions={
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            disabled={report.data === undefined || report.data.rows.length === 0}
            onClick={() => report.data !== undefined && exportCsv(report.data)}
          >
            Export CSV
          </Button>
        }
      />
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <SegmentedControl
            aria-label="Time range"
            data={RANGES}
            value={chosen}
            onChange={(value) => setAddress({ range: value })}
          />
          {chosen === 'custom' && <CustomRange address={address} onChange={setAddress} />}
          <SegmentedControl
            aria-label="Rows"
            data={[
              { value: 'hour', label: 'By hour' },
              { value: 'day', label: 'By day (UTC)' },
            ]}
            value={by}
            onChange={(value) => setAddress({ by: value })}
          />
          <Select
            aria-label="Source"
            placeholder="All sources"
            clearable
            clearButtonProps={{ 'aria-label': 'All sources' }}
            data={sources.map((source) => ({ value: source.id, label: source.name }))}
            value={address['source'] ?? null}
            onChange={(source) => setAddress({ source })}
          />
        </Group>
        <QueryState query={report}>
          {(data) =>
            data.rows.length === 0 ? (
              <EmptyNote title="Nothing was received in this time">
                Choose a longer range, or send an event.
              </EmptyNote>
            ) : (
              <Report data={data} by={by} from={range.from} to={range.to} />
            )
          }
        </QueryState>
      </Stack>
    </>
  );
}

interface ReportProps {
  readonly data: Reconciliation;
  readonly by: 'hour' | 'day';
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function Report({ data, by, from, to }: ReportProps) {
  return (
    <Stack gap="sm">
      <Balance totals={data.totals} />
      <ReconciliationChart rows={data.rows} by={by} from={from} to={to} />
      <ReconciliationTable rows={data.rows} by={by} />
      <Text size="xs" c="dimmed">
        Counted up to position {data.as_of_position} of the log.
      </Text>
    </Stack>
  );
}

interface CustomProps {
  readonly address: Readonly<Record<string, string>>;
  readonly onChange: (patch: Readonly<Record<string, string | null>>) => void;
}

function CustomRange({ address, onChange }: CustomProps) {
  return (
    <>
      <TextInput
        type="datetime-local"
        label="From (your time)"
        value={address['from'] ?? ''}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="To (your time)"
        value={address['to'] ?? ''}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </>
  );
}

/** Whole hours, so that the range stays the same while the clock moves inside one. */
function useRange(
  chosen: string,
  from: string | undefined,
  to: string | undefined,
): { from?: string; to?: string } {
  const this_hour = Math.floor(Date.now() / 3_600_000);
  return useMemo(() => {
    if (chosen !== 'custom') {
      const hours = Number(chosen) || 24;
      return { from: new Date((this_hour + 1 - hours) * 3_600_000).toISOString() };
    }
    const start = toIso(from);
    const end = toIso(to);
    return { ...(start === undefined ? {} : { from: start }), ...(end === undefined ? {} : { to: end }) };
  }, [chosen, from, to, this_hour]);
}

function toIso(local: string | undefined): string | undefined {
  if (local === undefined || Number.isNaN(Date.parse(local))) return undefined;
  return new Date(local).toISOString();
}

function exportCsv(data: Reconciliation): void {
  download('delivery-reconciliation.csv', 'text/csv', toCsv(sortRows(data.rows)));
}
