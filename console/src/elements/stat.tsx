import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One number with its name and, below, what to know about it. */
export function Stat({
  label,
  value,
  note,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}) {
  return (
    <Stack className="pl-panel" p="sm" gap={2}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div className="pl-stat-value">{value}</div>
      {note !== undefined && (
        <Text size="xs" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          {note}
        </Text>
      )}
    </Stack>
  );
}
