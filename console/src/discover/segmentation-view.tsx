import { Button, Group, Stack, Text, Title } from '@mantine/core';
import {
  type SegmentationRun,
  type SegmentationSummary,
  useRunSegmentation,
  useSegmentation,
  useSegmentationRun,
} from '../api/segmentations.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { BackButton } from '../elements/back-button.tsx';
import { BackgroundRun } from '../elements/background-run.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';
import { CandidateTable } from './candidate-table.tsx';
import { ClusterOverview } from './cluster-overview.tsx';
import { DriftPanel } from './drift-panel.tsx';
import { METHOD_WORDS } from './method-words.ts';
import { RunHistory } from './run-history.tsx';
import { SegmentationForm } from './segmentation-form.tsx';

/** One segmentation. `view` is the tab, `run` an older run, `following` work that goes on. */
export function SegmentationView({ name }: { readonly name: string }) {
  const [, setAddress] = useAddressState();
  const segmentation = useSegmentation(name);
  return (
    <Stack gap="sm">
      <BackButton onClick={() => setAddress({ open: null, view: null, run: null, following: null })}>
        All segmentations
      </BackButton>
      <QueryState query={segmentation}>
        {(data) => (
          <>
            <Head summary={data.segmentation} />
            <Views name={name} run={data.run} />
          </>
        )}
      </QueryState>
    </Stack>
  );
}

function Head({ summary }: { readonly summary: SegmentationSummary }) {
  const may_edit = useMayEdit();
  const [address, setAddress] = useAddressState();
  const start = useRunSegmentation();
  const following = address['following'] ?? '';
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={2}>{summary.name}</Title>
          <Tag tone="grey">{METHOD_WORDS[summary.method].label}</Tag>
          {summary.stale && <Tag tone="amber">Changed since the last run</Tag>}
        </Group>
        <Button
          disabled={!may_edit}
          loading={start.isPending}
          onClick={() =>
            start.mutate(summary.name, { onSuccess: ({ run }) => setAddress({ following: run.id }) })
          }
        >
          {summary.last_run === null ? 'Find segments' : 'Find segments anew'}
        </Button>
      </Group>
      {summary.description !== '' && <Text size="sm">{summary.description}</Text>}
      {summary.next_run_at !== null && (
        <Text size="sm" c="dimmed">
          Found anew by itself <RelativeTime at={summary.next_run_at} />.
        </Text>
      )}
      {start.isError && <ErrorState error={start.error} />}
      {following !== '' && (
        <BackgroundRun
          key={following}
          id={following}
          title="Finding segments"
          stale={[['segmentations'], ['segments'], ['segment-rules', 'fields']]}
          onDismiss={() => setAddress({ following: null })}
        />
      )}
    </Stack>
  );
}

interface ViewsProps {
  readonly name: string;
  readonly run: SegmentationRun | null;
}

function Views({ name, run }: ViewsProps) {
  const [address, setAddress] = useAddressState();
  const older = address['run'] ?? '';
  return (
    <AddressTabs
      at="view"
      tabs={[
        {
          value: 'segments',
          label: 'Segments',
          panel: (
            <RunPanel name={name} newest={run} older={older}>
              {(shown) => <ClusterOverview name={name} run={shown} stands={older === ''} />}
            </RunPanel>
          ),
        },
        {
          value: 'tried',
          label: 'What was tried',
          panel: (
            <RunPanel name={name} newest={run} older={older}>
              {(shown) => <CandidateTable candidates={shown.candidates} />}
            </RunPanel>
          ),
        },
        { value: 'drift', label: 'Drift', panel: <DriftPanel name={name} /> },
        {
          value: 'history',
          label: 'History',
          panel: (
            <RunHistory
              name={name}
              onOpen={(id) => setAddress({ run: id === run?.id ? null : id, view: 'segments' })}
            />
          ),
        },
        {
          value: 'definition',
          label: 'Definition',
          panel: <SegmentationForm name={name} onReleased={() => setAddress({ view: null })} />,
        },
      ]}
    />
  );
}

interface RunPanelProps {
  readonly name: string;
  readonly newest: SegmentationRun | null;
  readonly older: string;
  readonly children: (run: SegmentationRun) => React.ReactNode;
}

/** The newest run, or the older one that the address asks for. */
function RunPanel({ name, newest, older, children }: RunPanelProps) {
  const [, setAddress] = useAddressState();
  const asked = useSegmentationRun(name, older);
  if (older !== '')
    return (
      <Stack gap="sm">
        <Group gap="xs">
          <Text size="sm">This is an older run; people are in the segments of the newest one.</Text>
          <Button variant="default" onClick={() => setAddress({ run: null })}>
            Show the newest
          </Button>
        </Group>
        <QueryState query={asked}>{children}</QueryState>
      </Stack>
    );
  if (newest === null)
    return (
      <EmptyNote title="Segments were not found yet">
        “Find segments” looks at what people did and proposes the groups. It takes seconds to minutes; nothing
        is sent anywhere.
      </EmptyNote>
    );
  return children(newest);
}
