import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type QuarantineRun, useQuarantineRun } from '../api/quarantine.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount, formatCounted } from '../elements/number-format.ts';

/** Follows a replay or discard; when it ends, everything about quarantine is read again. */
export function RunProgress({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const run = useQuarantineRun(id);
  const queries = useQueryClient();
  const status = run.data?.status;
  useEffect(() => {
    if (status === undefined || status === 'running') return;
    // The log is read within about a second; ask a second time for what arrived late.
    const refresh = () => {
      void queries.invalidateQueries({ queryKey: ['quarantine', 'groups'] });
      void queries.invalidateQueries({ queryKey: ['quarantine', 'group'] });
      void queries.invalidateQueries({ queryKey: ['quarantine', 'runs'] });
    };
    refresh();
    const later = setTimeout(refresh, 1_500);
    return () => clearTimeout(later);
  }, [status, queries]);
  if (run.isError && run.data === undefined)
    return <ErrorState error={run.error} onRetry={() => run.refetch()} />;
  if (run.data === undefined) return null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {summary(run.data)}
        </Text>
        {status !== 'running' && (
          <Button variant="default" onClick={onClose}>
            Dismiss
          </Button>
        )}
      </Group>
      <Progress
        value={run.data.total === 0 ? 100 : (run.data.done / run.data.total) * 100}
        aria-label="Progress"
        {...(status === 'failed' ? { color: 'red.9' } : {})}
      />
    </Stack>
  );
}

export function summary(run: QuarantineRun): string {
  const verb = run.kind === 'discard' ? 'Discarded' : 'Replayed';
  if (run.status === 'running')
    return `${formatCount(run.done)} of ${formatCounted(run.total, 'event')} done…`;
  const stayed = run.failed > 0 ? `; ${formatCount(run.failed)} stay in quarantine` : '';
  const counted = `${verb} ${formatCount(run.replayed)} of ${formatCounted(run.total, 'event')}${stayed}.`;
  if (run.status === 'failed') return `Stopped by an error. ${counted}`;
  if (run.status === 'interrupted') return `Interrupted; run it again to go on. ${counted}`;
  return counted;
}
