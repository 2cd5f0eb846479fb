import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { Counts } from '../api/reconciliation.ts';
import { formatCount } from '../elements/number-format.ts';

const PARTS = [
  { key: 'stored', label: 'Stored' },
  { key: 'deduplicated', label: 'Repeats' },
  { key: 'filtered', label: 'Filtered' },
  { key: 'quarantined', label: 'Quarantined' },
  { key: 'pending', label: 'Pending' },
] as const;

/** The equation in full, and whether it holds. */
export function Balance({ totals }: { readonly totals: Counts }) {
  return (
    <Group className="pl-panel" p="sm" gap="md" justify="space-between">
      <Group gap="sm">
        <Part label="Received" value={totals.received} />
        {PARTS.map(({ key, label }, index) => (
          <Fragment key={key}>
            <Text c="dimmed" aria-hidden>
              {index === 0 ? '=' : '+'}
            </Text>
            <Part label={label} value={totals[key]} />
          </Fragment>
        ))}
      </Group>
      <Group gap={6} role="status">
        {totals.difference === 0 ? (
          <>
            <IconCircleCheck size={20} color="var(--pl-green)" aria-hidden />
            <Text fw={600} c="var(--pl-green)">
              Adds up
            </Text>
          </>
        ) : (
          <>
            <IconAlertTriangle size={20} color="var(--pl-red)" aria-hidden />
            <Text fw={600} c="var(--pl-red)">
              Difference of {formatCount(totals.difference)} events
            </Text>
          </>
        )}
      </Group>
    </Group>
  );
}

function Part({ label, value }: { readonly label: string; readonly value: number }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div className="pl-stat-value">{formatCount(value)}</div>
    </div>
  );
}
