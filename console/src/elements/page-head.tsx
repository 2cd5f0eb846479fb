import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface Props {
  readonly title: string;
  /** One line: what this page is for. */
  readonly about: string;
  readonly actions?: ReactNode;
}

export function PageHead({ title, about, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Plumbline`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
      <Stack gap={2} style={{ flex: '1 1 260px', minWidth: 0 }}>
        <Title order={1}>{title}</Title>
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
