import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/api.ts';

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, what to do, and the number to give to whoever runs the server. */
export function ErrorState({ error, onRetry }: Props) {
  const refusal = error instanceof ApiError ? error : null;
  return (
    <Group className="pl-panel" p="md" gap="sm" align="flex-start" wrap="nowrap" role="alert">
      <IconAlertTriangle size={20} stroke={1.6} color="var(--pl-red)" style={{ flexShrink: 0 }} aria-hidden />
      <Stack gap={4} style={{ minWidth: 0 }}>
        <Text fw={600}>{error instanceof Error ? error.message : 'Something went wrong.'}</Text>
        {refusal?.issues.map((issue) => (
          <Text key={`${issue.field}${issue.message}`} size="sm">
            <span className="pl-mono">{issue.field}</span>: {issue.message}
          </Text>
        ))}
        {refusal !== null && refusal.help !== '' && (
          <Text size="sm" c="dimmed">
            {refusal.help}
          </Text>
        )}
        {refusal !== null && refusal.request_id !== '' && (
          <Text size="xs" c="dimmed" className="pl-mono">
            Request {refusal.request_id}
          </Text>
        )}
        {onRetry !== undefined && (
          <Button variant="default" onClick={onRetry} mt={4} style={{ alignSelf: 'flex-start' }}>
            Try again
          </Button>
        )}
      </Stack>
    </Group>
  );
}
