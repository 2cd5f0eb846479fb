import { Anchor, Button, Group, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { IconArrowLeft, IconCopy, IconDownload, IconPencil, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type SegmentDetail, useExportMembers, useRefreshSegments, useSegment } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { BackgroundRun } from '../elements/background-run.tsx';
import { download } from '../elements/download.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatBytes, formatCount, formatRate } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';
import { SegmentValidation } from '../validation/segment-validation.tsx';
import { EVERY_WORDS } from './segment-body.ts';
import { SegmentChanges } from './segment-changes.tsx';
import { SegmentMembers } from './segment-members.tsx';
import { SegmentOverlap } from './segment-overlap.tsx';
import { SegmentOverview } from './segment-overview.tsx';

const TABS = [
  { value: 'overview', label: 'Overview' },
  { value: 'members', label: 'People' },
  { value: 'changes', label: 'In and out' },
  { value: 'overlap', label: 'Overlap' },
  { value: 'checks', label: 'Checks' },
] as const;

export function SegmentView({ name }: { readonly name: string }) {
  const segment = useSegment(name);
  const [address, setAddress] = useAddressState();
  return (
    <>
      <Anchor component={Link} to="/segments" size="sm" mb={6} style={{ display: 'inline-block' }}>
        <Group gap={4} component="span">
          <IconArrowLeft size={14} aria-hidden /> All segments
        </Group>
      </Anchor>
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
            <Figures segment={data} />
            <Tabs
              value={address['tab'] ?? 'overview'}
              onChange={(tab) => setAddress({ tab })}
              keepMounted={false}
            >
              <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
                {TABS.map(({ value, label }) => (
                  <Tabs.Tab key={value} value={value}>
                    {label}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Tabs.Panel value="overview">
                <SegmentOverview segment={data} />
              </Tabs.Panel>
              <Tabs.Panel value="members">
                <SegmentMembers segment={name} />
              </Tabs.Panel>
              <Tabs.Panel value="changes">
                <SegmentChanges segment={name} />
              </Tabs.Panel>
              <Tabs.Panel value="checks">
                <SegmentValidation segment={name} />
              </Tabs.Panel>
              <Tabs.Panel value="overlap">
                <SegmentOverlap segment={data} />
              </Tabs.Panel>
            </Tabs>
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
  const exported = useExportMembers();
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
      <Button
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        disabled={!may_edit}
        title={
          may_edit
            ? 'Person, since, identifiers; the export is noted in the audit log'
            : 'Editors may export people'
        }
        loading={exported.isPending}
        onClick={() =>
          exported.mutate(segment.name, {
            onSuccess: (csv) => download(`${segment.name}.csv`.replaceAll('/', '-'), 'text/csv', csv),
          })
        }
      >
        Export CSV
      </Button>
      {refresh.isError && <ErrorState error={refresh.error} />}
      {exported.isError && <ErrorState error={exported.error} />}
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
            <Tag tone={segment.state === 'live' ? 'green' : 'blue'}>
              {segment.state === 'live' ? 'Live' : 'Being worked out'}
            </Tag>
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
