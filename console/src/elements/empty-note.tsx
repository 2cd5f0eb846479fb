import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing here, why, and what to do next. */
export function EmptyNote({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack className="pl-panel" p="xl" gap={6} align="center" ta="center">
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" component="div" maw={640}>
        {children}
      </Text>
    </Stack>
  );
}
