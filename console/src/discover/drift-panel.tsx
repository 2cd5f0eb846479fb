import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { type Drift, useDriftReports, useMeasureDrift } from '../api/segmentations.ts';
import { useMayEdit } from '../api/session.ts';
import { BackgroundRun } from '../elements/background-run.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { Estimate } from '../elements/estimate.tsx';
import { formatRate, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';

const LEVELS: Readonly<Record<Drift['features'][number]['level'], { words: string; tone: Tone }>> = {
  stable: { words: 'As before', tone: 'green' },
  shifting: { words: 'Shifting', tone: 'amber' },
  shifted: { words: 'Shifted', tone: 'red' },
};

/** Whether people still are as they were when the segments were found. */
export function DriftPanel({ name }: { readonly name: string }) {
  const may_edit = useMayEdit();
  const reports = useDriftReports(name);
  const measure = useMeasureDrift();
  const [run, setRun] = useState('');
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 240px' }}>
          Measured once a day against the time the segments were found in.
        </Text>
        <Button
          variant="default"
          disabled={!may_edit}
          loading={measure.isPending}
          onClick={() => measure.mutate(name, { onSuccess: (answer) => setRun(answer.run.id) })}
        >
          Measure now
        </Button>
      </Group>
      {measure.isError && <ErrorState error={measure.error} />}
      {run !== '' && (
        <BackgroundRun
          key={run}
          id={run}
          title="Measuring drift"
          stale={[['segmentations']]}
          onDismiss={() => setRun('')}
        />
      )}
      <QueryState query={reports}>
        {([newest, ...older]) =>
          newest === undefined ? (
            <EmptyNote title="Drift was not measured yet">
              Find segments first; the next day shows whether they hold.
            </EmptyNote>
          ) : (
            <>
              <Report drift={newest} />
              {older.length > 0 && <Older reports={older} />}
            </>
          )
        }
      </QueryState>
    </Stack>
  );
}

function Report({ drift }: { readonly drift: Drift }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Tag tone={drift.refit ? 'amber' : 'green'}>
          {drift.refit ? 'People have changed' : 'The segments hold'}
        </Tag>
        <Text size="sm">
          <Estimate {...drift.moved} /> of the people would be in another segment now. Measured{' '}
          <RelativeTime at={drift.at} />.
        </Text>
      </Group>
      {drift.reasons.length > 0 && (
        <List size="sm">
          {drift.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
      <FeatureTable drift={drift} />
      <ShareTable drift={drift} />
    </Stack>
  );
}

function FeatureTable({ drift }: { readonly drift: Drift }) {
  return (
    <ScrollTable label="Drift by feature" min_width={520}>
      <thead>
        <tr>
          <th>Feature</th>
          <th>State</th>
          <th data-number title="Population stability index: below .1 as before, .25 and more shifted">
            Stability index
          </th>
          <th data-number>Mean then</th>
          <th data-number>Mean now</th>
        </tr>
      </thead>
      <tbody>
        {drift.features.map((feature) => (
          <tr key={feature.feature}>
            <td>{feature.feature.replaceAll('_', ' ')}</td>
            <td>
              <Tag tone={LEVELS[feature.level].tone}>{LEVELS[feature.level].words}</Tag>
            </td>
            <td data-number>{formatRate(feature.psi)}</td>
            <td data-number>{formatRate(feature.mean_before)}</td>
            <td data-number>{formatRate(feature.mean_now)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function ShareTable({ drift }: { readonly drift: Drift }) {
  return (
    <ScrollTable label="Share of each segment" min_width={360}>
      <thead>
        <tr>
          <th>Segment</th>
          <th data-number>Share then</th>
          <th data-number>Share now</th>
        </tr>
      </thead>
      <tbody>
        {drift.clusters.map((cluster) => (
          <tr key={cluster.key}>
            <td>{cluster.title}</td>
            <td data-number>{formatShare(cluster.share_before)}</td>
            <td data-number>{formatShare(cluster.share_now)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Older({ reports }: { readonly reports: readonly Drift[] }) {
  return (
    <Stack gap="xs">
      <Title order={3}>Before</Title>
      <ScrollTable label="Earlier measurements" min_width={420} max_height="260px">
        <thead>
          <tr>
            <th>Measured</th>
            <th data-number>Would be elsewhere</th>
            <th data-number>Greatest index</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <tr key={report.at}>
              <td>
                <RelativeTime at={report.at} />
              </td>
              <td data-number>
                <Estimate {...report.moved} />
              </td>
              <td data-number>{formatRate(Math.max(0, ...report.features.map(({ psi }) => psi)))}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}
