import { Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconChartDots3 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { isGivenOut } from '../api/segment-use.ts';
import { type DiscoveredDetail, useDiscoveredSegment } from '../api/segments.ts';
import { stabilityWords } from '../discover/method-words.ts';
import { BackLink } from '../elements/back-link.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';
import { UseBanner } from '../segment-use/use-banner.tsx';
import { DiscoveredOverview } from './discovered-overview.tsx';
import { ExportButton } from './export-button.tsx';
import { SegmentTabs } from './segment-tabs.tsx';

/** A segment that a segmentation found: everything that one of a rule has, with what stands out in place of the rule. */
export function DiscoveredView({ name }: { readonly name: string }) {
  const segment = useDiscoveredSegment(name);
  const segmentation = name.slice(0, name.indexOf('/'));
  return (
    <>
      <BackLink to="/segments">All segments</BackLink>
      <PageHead
        title={segment.data?.label ?? name}
        about={`Discovered by ${segmentation} in what people did`}
        actions={
          <>
            <Button
              component={Link}
              to="/discovered-segments"
              search={{ open: segmentation } as never}
              variant="default"
              leftSection={<IconChartDots3 size={14} aria-hidden />}
            >
              {`Open ${segmentation}`}
            </Button>
            {segment.data !== undefined && (
              <ExportButton segment={name} is_given={isGivenOut(segment.data.use)} />
            )}
          </>
        }
      />
      <QueryState query={segment}>
        {(data) => (
          <Stack gap="sm" mt="sm">
            <UseBanner segment={name} />
            <Figures segment={data} />
            <SegmentTabs segment={data} overview={<DiscoveredOverview segment={data} />} ruled={false} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Figures({ segment }: { readonly segment: DiscoveredDetail }) {
  const { cluster, run } = segment;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Stat
        label="People"
        value={formatCount(segment.people)}
        note={
          segment.state === 'live' ? (
            `${formatShare(cluster.share)} of ${formatCount(run.people)} in the last run`
          ) : (
            <Tag tone="blue">Being put in</Tag>
          )
        }
      />
      <Stat
        label="Last 7 days"
        value={`+${formatCount(segment.entered_7d)} / −${formatCount(segment.exited_7d)}`}
        note="entered / exited"
      />
      <Stat
        label="Found"
        value={
          <Text size="md" fw={600}>
            <RelativeTime at={run.at} />
          </Text>
        }
        note={
          segment.refit_days === null ? 'found anew by hand' : `found anew every ${segment.refit_days} days`
        }
      />
      <Stat
        label="How much to trust it"
        value={
          <Text size="md" fw={600}>
            {trustWords(segment)}
          </Text>
        }
        note={
          cluster.stability === null
            ? 'Buying habits are cut at fixed places'
            : `found again in ${formatShare(cluster.stability)} when the people are drawn anew`
        }
      />
    </SimpleGrid>
  );
}

function trustWords({ cluster: { stability } }: DiscoveredDetail): string {
  if (stability === null) return 'By definition';
  const words = stabilityWords(stability);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
