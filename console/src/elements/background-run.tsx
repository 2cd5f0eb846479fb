import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Run, useCancelRun, useRun } from '../api/runs.ts';
import { useMayEdit } from '../api/session.ts';
import { ErrorState } from './error-state.tsx';

interface Props {
  readonly id: string;
  /** What it is: 'Matching by crm'. */
  readonly title: string;
  /** Queries that are read again when it ends. */
  readonly stale: readonly (readonly string[])[];
  readonly onDismiss?: () => void;
}

/** Progress of long work, a way to stop it, and how it ended. */
export function BackgroundRun({ id, title, stale, onDismiss }: Props) {
  const run = useRun(id);
  const cancel = useCancelRun();
  const may_edit = useMayEdit();
  const queries = useQueryClient();
  const state = run.data?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new array of the same keys is no reason to read again
  useEffect(() => {
    if (state === undefined || state === 'running') return;
    for (const queryKey of stale) void queries.invalidateQueries({ queryKey: [...queryKey] });
  }, [state, queries]);
  if (run.data === undefined)
    return run.isError ? <ErrorState error={run.error} onRetry={() => run.refetch()} /> : null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs" role="status">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} style={{ minWidth: 0 }}>
          {title}: {wordsOf(run.data)}
        </Text>
        {state === 'running' ? (
          <Button
            variant="default"
            disabled={!may_edit}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(id)}
          >
            Cancel
          </Button>
        ) : (
          onDismiss !== undefined && (
            <Button variant="default" onClick={onDismiss}>
              Dismiss
            </Button>
          )
        )}
      </Group>
      {state === 'running' && (
        <Progress value={run.data.progress * 100} aria-label={`Progress of ${title}`} />
      )}
      {state === 'failed' && (
        <Text size="sm" c="var(--pl-red)">
          {run.data.error}
        </Text>
      )}
      {cancel.isError && <ErrorState error={cancel.error} />}
    </Stack>
  );
}

function wordsOf(run: Run): string {
  if (run.state === 'running') return `${Math.round(run.progress * 100)} %, ${run.doing || 'working'}…`;
  if (run.state === 'done') return 'done';
  return run.state === 'failed' ? 'stopped by an error' : 'cancelled';
}
