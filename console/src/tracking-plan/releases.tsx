import { Button, Collapse, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Release, useReleases, useRollback } from '../api/definitions.ts';
import { useMayEdit } from '../api/session.ts';
import { Confirm } from '../elements/confirm.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ChangeDiff } from '../elements/plan-diff.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';

export function Releases() {
  const releases = useReleases();
  const rollback = useRollback();
  const [asking, setAsking] = useState<Release | undefined>();
  return (
    <QueryState query={releases}>
      {({ current, releases: list }) =>
        list.length === 0 ? (
          <EmptyNote title="Nothing was released yet">
            The first release appears here with what it changed.
          </EmptyNote>
        ) : (
          <Stack gap="xs">
            {list.map((release) => (
              <ReleaseRow
                key={release.id}
                release={release}
                current={release.id === current}
                onRollback={() => setAsking(release)}
              />
            ))}
            <Confirm
              opened={asking !== undefined}
              onClose={() => setAsking(undefined)}
              onConfirm={() => {
                if (asking !== undefined)
                  rollback.mutate(asking.id, { onSuccess: () => setAsking(undefined) });
              }}
              busy={rollback.isPending}
              error={rollback.error}
              danger
              title={`Go back to release ${asking?.id ?? ''}?`}
              verb="Roll back"
            >
              A new release with exactly the definitions of release {asking?.id} takes effect at once. Nothing
              is lost: you can roll forward the same way.
            </Confirm>
          </Stack>
        )
      }
    </QueryState>
  );
}

interface RowProps {
  readonly release: Release;
  readonly current: boolean;
  readonly onRollback: () => void;
}

function ReleaseRow({ release, current, onRollback }: RowProps) {
  const may_edit = useMayEdit();
  const [open, setOpen] = useState(false);
  const changes = (release.changes ?? []).filter((change) => change.change !== 'none');
  return (
    <div className="pl-panel" style={{ padding: '10px 14px' }}>
      <Group justify="space-between" gap="xs">
        <Stack gap={2} style={{ minWidth: 0, flex: '1 1 220px' }}>
          <Group gap="xs">
            <Text fw={600} size="sm">
              Release {release.id}
            </Text>
            {current && <Tag tone="green">Live</Tag>}
            {release.rolled_back_from != null && <Tag tone="amber">Rollback</Tag>}
          </Group>
          <Text size="sm">{release.message || 'No message'}</Text>
          <Text size="xs" c="dimmed">
            {release.author}, <RelativeTime at={release.created_at} />
          </Text>
        </Stack>
        <Group gap="xs">
          {changes.length > 0 && (
            <Button variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
              {changes.length === 1 ? '1 change' : `${changes.length} changes`}
            </Button>
          )}
          {!current && (
            <Button variant="default" onClick={onRollback} disabled={!may_edit}>
              Roll back to this
            </Button>
          )}
        </Group>
      </Group>
      <Collapse expanded={open}>
        <Stack gap="md" pt="sm">
          {open &&
            changes.map((change) => <ChangeDiff key={`${change.kind}${change.name}`} change={change} />)}
        </Stack>
      </Collapse>
    </div>
  );
}
