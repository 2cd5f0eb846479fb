import { Alert, Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';

/** Stays until the first password exists: without it the only way in is a link on the terminal. */
export function PasswordBanner() {
  const session = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (session.data === undefined || session.data.password_set || path === '/settings') return null;
  return (
    <Alert
      color="yellow.9"
      variant="outline"
      mb="sm"
      py="xs"
      icon={<IconKey size={18} aria-hidden />}
      role="region"
      aria-label="Set a password"
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" style={{ flex: '1 1 240px' }}>
          No password is set yet. Until then Plumbline answers on this machine only, and the link on the
          terminal is the only way in.
        </Text>
        <Button component={Link} to="/settings">
          Set a password
        </Button>
      </Group>
    </Alert>
  );
}
