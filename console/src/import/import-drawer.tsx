import { Button, Drawer, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { type ImportDetail, useImport, useRejects, useResumeImport } from '../api/imports.ts';
import { useCancelRun, useRunsOf } from '../api/runs.ts';
import { useMayEdit } from '../api/session.ts';
import { download } from '../elements/download.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { RunTag } from '../elements/run-tag.tsx';
import { Stat } from '../elements/stat.tsx';
import { KINDS } from './kind-words.ts';
import { Problems } from './preview-result.tsx';
import { choiceOf } from './targets.ts';

export function ImportDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      position="right"
      size="lg"
      title="Import"
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {id !== '' && <Loaded id={id} />}
    </Drawer>
  );
}

function Loaded({ id }: { readonly id: string }) {
  const query = useImport(id);
  return <QueryState query={query}>{(each) => <Detail each={each} />}</QueryState>;
}

function Detail({ each }: { readonly each: ImportDetail }) {
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Group gap="xs">
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {each.name}
          </Title>
          <RunTag state={each.state} />
        </Group>
        <Text size="sm" c="dimmed" component="div">
          {KINDS[each.kind].label}, started <RelativeTime at={each.created_at} /> by {each.created_by}
        </Text>
      </Stack>
      {each.state === 'running' && <Progress value={each.progress * 100} aria-label="Progress" />}
      {each.error !== '' && (
        <Text size="sm" c="var(--pl-red)" role="alert">
          {each.error}
        </Text>
      )}
      <SimpleGrid cols={3} spacing="xs">
        <Stat label="Rows" value={formatCount(each.rows)} />
        <Stat label="Taken" value={formatCount(each.accepted)} />
        <Stat label="Refused" value={formatCount(each.rejected)} />
      </SimpleGrid>
      {each.problems_left_out > 0 && (
        <Text size="sm">
          The reject file has no room for {formatCount(each.problems_left_out)} more reasons.
        </Text>
      )}
      <Actions each={each} />
      {each.problems.length > 0 && (
        <Stack gap="xs">
          <Title order={3}>First problems</Title>
          <Problems problems={each.problems} />
        </Stack>
      )}
      <Stack gap="xs">
        <Title order={3}>Columns</Title>
        <dl className="pl-facts">
          {Object.entries(each.plan.mapping).map(([column, target]) => (
            <div key={column} style={{ display: 'contents' }}>
              <dt>{column}</dt>
              <dd>
                {choiceOf(target).replace(':', ': ')} {'name' in target ? target.name : ''}
              </dd>
            </div>
          ))}
        </dl>
      </Stack>
      {each.undo !== '' && (
        <Stack gap={4}>
          <Title order={3}>Taking it back</Title>
          <Text size="sm">{each.undo}</Text>
        </Stack>
      )}
    </Stack>
  );
}

function Actions({ each }: { readonly each: ImportDetail }) {
  const may_edit = useMayEdit();
  const rejects = useRejects();
  const resume = useResumeImport();
  const cancel = useCancelRun();
  const runs = useRunsOf(each.state === 'running' ? each.id : '').data;
  const running = runs?.find((run) => run.state === 'running');
  const save = () =>
    rejects.mutate(each.id, {
      onSuccess: (csv) => download(`rejects-${each.id}.csv`, 'text/csv', csv),
    });
  const goOn = () =>
    resume.mutate(each.id, {
      onSuccess: () => notifications.show({ message: 'The import goes on where it stopped.' }),
    });
  return (
    <>
      <Group gap="xs">
        {each.rejected > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={save}
            loading={rejects.isPending}
          >
            Reject file
          </Button>
        )}
        {(each.state === 'failed' || each.state === 'cancelled') && (
          <Button onClick={goOn} loading={resume.isPending} disabled={!may_edit}>
            Go on
          </Button>
        )}
        {each.state === 'running' && running !== undefined && (
          <Button
            variant="default"
            onClick={() => cancel.mutate(running.id)}
            loading={cancel.isPending}
            disabled={!may_edit}
          >
            Stop
          </Button>
        )}
      </Group>
      {[rejects.error, resume.error, cancel.error].map((error) =>
        error === null ? null : <ErrorState key={error.message} error={error} />,
      )}
    </>
  );
}
