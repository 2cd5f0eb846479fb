import { List, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { SegmentationRun } from '../api/segmentations.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { ClusterCard } from './cluster-card.tsx';
import { ClusterHeat } from './cluster-heat.tsx';
import { RfmBins } from './rfm-bins.tsx';
import { RfmGrid } from './rfm-grid.tsx';
import { Scatter } from './scatter.tsx';

interface Props {
  readonly name: string;
  readonly run: SegmentationRun;
  /** The newest run: people are in its segments. */
  readonly stands: boolean;
}

/** The segments of a run: the picture, each in words, and the numbers behind the words. */
export function ClusterOverview({ name, run, stands }: Props) {
  const [chosen, setChosen] = useState('');
  if (run.clusters.length === 0)
    return <EmptyNote title="No segment was found">{run.warnings.join(' ')}</EmptyNote>;
  return (
    <Stack gap="md">
      {run.warnings.length > 0 && (
        <Stack className="pl-panel" p="sm" gap={4} role="note">
          <Text size="sm" fw={600}>
            Before you rely on these segments
          </Text>
          <List size="sm">
            {run.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Stack>
      )}
      {run.picture != null && run.picture.points.length > 0 && (
        <Scatter picture={run.picture} clusters={run.clusters} chosen={chosen} onChoose={setChosen} />
      )}
      {run.grid !== null && <RfmGrid grid={run.grid} />}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="sm">
        {run.clusters.map((cluster) => (
          <ClusterCard
            key={cluster.key}
            segmentation={name}
            cluster={cluster}
            chosen={cluster.key === chosen}
            stands={stands}
          />
        ))}
      </SimpleGrid>
      {run.unassigned > 0 && (
        <Text size="sm">
          {formatCount(run.unassigned)} of {formatCount(run.people)} people are in none: they are like nobody
          else.
        </Text>
      )}
      <Title order={3}>What sets them apart</Title>
      <ClusterHeat run={run} />
      <Text size="xs" c="dimmed">
        Mean of each segment. Blue is above everybody, amber below; ≈ is near everybody.
        {run.sampled > 0 && ` Fitted on ${formatCount(run.sampled)} people, seed ${run.seed}.`}
      </Text>
      {run.rfm !== null && <RfmBins rfm={run.rfm} />}
    </Stack>
  );
}
