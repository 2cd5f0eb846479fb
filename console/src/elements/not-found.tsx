import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Stack gap="xs" p="xl" align="flex-start">
      <Title order={1}>There is no such page</Title>
      <Text c="dimmed">The address may be mistyped, or the page was moved.</Text>
      <Anchor component={Link} to="/">
        Go to live events
      </Anchor>
    </Stack>
  );
}
