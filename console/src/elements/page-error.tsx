import { Button, Stack, Text, Title } from '@mantine/core';

/** Last resort for a bug in a page: the rest of the console keeps working. */
export function PageError({ error, reset }: { readonly error: unknown; readonly reset?: () => void }) {
  return (
    <Stack gap="xs" p="xl" align="flex-start" role="alert">
      <Title order={1}>This page stopped working</Title>
      <Text c="dimmed">{error instanceof Error ? error.message : String(error)}</Text>
      <Button onClick={() => (reset === undefined ? window.location.reload() : reset())}>Try again</Button>
    </Stack>
  );
}
