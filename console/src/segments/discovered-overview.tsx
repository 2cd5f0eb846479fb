import { Anchor, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { DiscoveredDetail } from '../api/segments.ts';
import { METHOD_WORDS, silhouetteWords } from '../discover/method-words.ts';
import { TRIGGERS } from '../discover/run-history.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Neighbours, Trend } from './segment-overview.tsx';
import { SensitivityLink } from './segment-tabs.tsx';

/** Who its people are, how many over time, and where it comes from. */
export function DiscoveredOverview({ segment }: { readonly segment: DiscoveredDetail }) {
  return (
    <div className="pl-person">
      <Stack gap="lg" style={{ minWidth: 0 }}>
        <StandsOut segment={segment} />
        <Trend segment={segment.name} />
      </Stack>
      <Stack gap="md" style={{ minWidth: 0 }}>
        <Warnings warnings={segment.run.warnings} />
        <Origin segment={segment} />
        <Neighbours used_by={segment.used_by} />
      </Stack>
    </div>
  );
}

function StandsOut({ segment: { cluster } }: { readonly segment: DiscoveredDetail }) {
  return (
    <Stack gap="xs">
      <Title order={2}>What stands out</Title>
      <Stack className="pl-panel" p="sm" gap="xs">
        {cluster.traits.length === 0 ? (
          <Text size="sm">{cluster.summary}</Text>
        ) : (
          <List size="sm" spacing={4}>
            {cluster.traits.map((trait) => (
              <List.Item key={trait.feature}>{trait.words}</List.Item>
            ))}
          </List>
        )}
        <Text size="xs" c="dimmed">
          Against everybody whom the run looked at. People are put in when segments are found anew; what they
          do in between does not move them.
        </Text>
      </Stack>
    </Stack>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs" role="note">
      <Title order={2}>Before you rely on it</Title>
      {warnings.map((warning) => (
        <Text key={warning} size="sm">
          {warning}
        </Text>
      ))}
    </Stack>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

function Origin({ segment }: { readonly segment: DiscoveredDetail }) {
  const { run, cluster } = segment;
  const [from, to] = [run.window.from, run.window.to].map((at) => DAY.format(new Date(at)));
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Title order={2}>Where it comes from</Title>
      <dl className="pl-facts">
        <dt>Segmentation</dt>
        <dd>
          <Anchor
            component={Link}
            to="/discovered-segments"
            search={{ open: segment.segmentation } as never}
            inherit
          >
            {segment.segmentation}
          </Anchor>
        </dd>
        <dt>How</dt>
        <dd>{METHOD_WORDS[segment.method].label}</dd>
        <dt>Run</dt>
        <dd>
          <RelativeTime at={run.at} />, {TRIGGERS[run.trigger]}
        </dd>
        <dt>Looked at</dt>
        <dd>
          {formatCount(run.people)} people, {from} to {to}
        </dd>
        {cluster.silhouette !== null && (
          <>
            <dt>From the others</dt>
            <dd>{silhouetteWords(cluster.silhouette)}</dd>
          </>
        )}
        {cluster.overlap_before !== null && (
          <>
            <dt>Run before</dt>
            <dd>{formatShare(cluster.overlap_before)} the same people</dd>
          </>
        )}
        <dt>Owner</dt>
        <dd>{segment.owner || '–'}</dd>
        <dt>Purpose</dt>
        <dd>{segment.purpose || '–'}</dd>
        <dt>Teams</dt>
        <dd>{segment.teams.join(', ') || '–'}</dd>
        <dt>In rules and sets</dt>
        <dd className="pl-mono">{segment.name}</dd>
      </dl>
      <SensitivityLink segment={segment.name} />
    </Stack>
  );
}
