import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/api.ts';

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Help that speaks to programs, in the words of somebody at a page; empty where the message says it all. */
const HELP: Readonly<Record<string, string>> = {
  invalid_body: '',
  invalid_input: '',
  not_ready: '',
  forbidden: 'An administrator can give you another role.',
};

/** What went wrong, what to do, and the number to give to whoever runs the server. */
export function ErrorState({ error, onRetry }: Props) {
  const refusal = error instanceof ApiError ? error : null;
  const help = refusal === null ? '' : (HELP[refusal.code] ?? refusal.help);
  // Trying again gives nobody a role.
  const retry = refusal?.code === 'forbidden' ? undefined : onRetry;
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
        {help !== '' && (
          <Text size="sm" c="dimmed">
            {help}
          </Text>
        )}
        {refusal !== null && refusal.request_id !== '' && (
          <Text size="xs" c="dimmed" className="pl-mono">
            Request {refusal.request_id}
          </Text>
        )}
        {retry !== undefined && (
          <Button variant="default" onClick={retry} mt={4} style={{ alignSelf: 'flex-start' }}>
            Try again
          </Button>
        )}
      </Stack>
    </Group>
  );
}
