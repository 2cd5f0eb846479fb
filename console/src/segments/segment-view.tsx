import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCopy, IconPencil, IconRefresh } from '@tabler/icons-react';
import { isGivenOut } from '../api/segment-use.ts';
import { type SegmentDetail, useRefreshSegments, useSegment } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { BackLink } from '../elements/back-link.tsx';
import { BackgroundRun } from '../elements/background-run.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatBytes, formatCount, formatRate } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';
import { UseBanner } from '../segment-use/use-banner.tsx';
import { UseTag } from '../segment-use/use-tag.tsx';
import { ExportButton } from './export-button.tsx';
import { EVERY_WORDS } from './segment-body.ts';
import { SegmentOverview } from './segment-overview.tsx';
import { SegmentProblem, SegmentState } from './segment-state.tsx';
import { SegmentTabs } from './segment-tabs.tsx';

export function SegmentView({ name }: { readonly name: string }) {
  const segment = useSegment(name);
  const [address, setAddress] = useAddressState();
  return (
    <>
      <BackLink to="/segments">All segments</BackLink>
      <PageHead
        title={segment.data?.label ?? name}
        about={segment.data?.description || segment.data?.purpose || 'Segment'}
        actions={segment.data !== undefined && <Actions segment={segment.data} />}
      />
      {address['run'] !== undefined && (
        <BackgroundRun
          key={address['run']}
          id={address['run']}
          title="Working it out for everybody"
          stale={[['segments'], ['segment-refreshes']]}
          onDismiss={() => setAddress({ run: null })}
        />
      )}
      <QueryState query={segment}>
        {(data) => (
          <Stack gap="sm" mt="sm">
            <SegmentProblem segment={data} />
            <UseBanner segment={name} />
            <Figures segment={data} />
            <SegmentTabs segment={data} overview={<SegmentOverview segment={data} />} ruled />
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Actions({ segment }: { readonly segment: SegmentDetail }) {
  const [, setAddress] = useAddressState();
  const may_edit = useMayEdit();
  const refresh = useRefreshSegments();
  return (
    <>
      <Button
        leftSection={<IconPencil size={14} aria-hidden />}
        disabled={!may_edit}
        onClick={() => setAddress({ edit: segment.name })}
      >
        Edit
      </Button>
      <Button
        variant="default"
        leftSection={<IconCopy size={14} aria-hidden />}
        disabled={!may_edit}
        onClick={() => setAddress({ edit: 'new', from: segment.name })}
      >
        Copy
      </Button>
      <Button
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        disabled={!may_edit}
        loading={refresh.isPending}
        onClick={() =>
          refresh.mutate([segment.name], { onSuccess: ({ run_id }) => setAddress({ run: run_id }) })
        }
      >
        Refresh now
      </Button>
      <ExportButton segment={segment.name} is_given={isGivenOut(segment.use)} />
      {refresh.isError && <ErrorState error={refresh.error} />}
    </>
  );
}

function Figures({ segment }: { readonly segment: SegmentDetail }) {
  const { cost, advice } = segment;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Stat
        label="People"
        value={formatCount(segment.people)}
        note={
          <Group gap={4}>
            <SegmentState of={segment.state} problem={segment.problem} />
            {segment.state === 'live' && <UseTag use={segment.use} />}
            {segment.sensitivity === 'sensitive' && <Tag tone="amber">Sensitive</Tag>}
          </Group>
        }
      />
      <Stat
        label="Last 7 days"
        value={`+${formatCount(segment.entered_7d)} / −${formatCount(segment.exited_7d)}`}
        note="entered / exited"
      />
      <Stat
        label="Worked out"
        value={
          <Text size="md" fw={600}>
            {EVERY_WORDS[segment.every]}
          </Text>
        }
        note={
          <>
            last <RelativeTime at={segment.refreshed_at} />
            {advice.every !== segment.every && (
              <Text size="xs" c="dimmed">
                Advice: {EVERY_WORDS[advice.every].toLowerCase()}
              </Text>
            )}
          </>
        }
      />
      <Stat
        label="Cost of a refresh"
        value={cost === null ? '–' : `${formatRate(cost.seconds)} s`}
        note={
          cost === null
            ? 'Not refreshed yet'
            : `${formatCount(cost.rows_read)} rows${cost.bytes_read > 0 ? `, ${formatBytes(cost.bytes_read)}` : ''}; shared by those refreshed together`
        }
      />
    </SimpleGrid>
  );
}
