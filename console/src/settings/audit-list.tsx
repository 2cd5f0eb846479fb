import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useAudit } from '../api/accounts.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';

/** Who changed what, newest first. */
export function AuditList() {
  const audit = useAudit();
  if (audit.isError) return <ErrorState error={audit.error} onRetry={() => audit.refetch()} />;
  if (audit.data === undefined) return <Skeleton height={120} />;
  const entries = audit.data.pages.flatMap((page) => page.entries);
  return (
    <Stack gap="sm">
      <ScrollTable label="Audit entries" min_width={640}>
        <thead>
          <tr>
            <th>When</th>
            <th>Who</th>
            <th>What</th>
            <th>On</th>
            <th>Details</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td style={{ whiteSpace: 'nowrap' }}>
                <RelativeTime at={entry.at} />
              </td>
              <td>{entry.actor_name}</td>
              <td>{entry.action}</td>
              <td>{entry.object}</td>
              <td className="pl-mono" style={{ maxWidth: 340 }}>
                <span className="pl-truncate" title={JSON.stringify(entry.details)}>
                  {JSON.stringify(entry.details)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {audit.hasNextPage && (
        <Group>
          <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
            Show older
          </Button>
        </Group>
      )}
    </Stack>
  );
}
