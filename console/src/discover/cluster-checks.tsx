import { Button, Stack, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { Cluster } from '../api/segmentations.ts';
import { SegmentValidation } from '../validation/segment-validation.tsx';
import { ClusterCard } from './cluster-card.tsx';

interface Props {
  readonly segmentation: string;
  readonly cluster: Cluster;
  readonly onBack: () => void;
}

/** One found segment, held against lists, others and time. */
export function ClusterChecks({ segmentation, cluster, onBack }: Props) {
  return (
    <Stack gap="sm">
      <Button
        variant="default"
        leftSection={<IconArrowLeft size={14} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={onBack}
      >
        All segments of {segmentation}
      </Button>
      <ClusterCard segmentation={segmentation} cluster={cluster} />
      <Text size="sm" c="dimmed">
        Rules and sets refer to it as {cluster.segment}.
      </Text>
      <SegmentValidation segment={cluster.segment} />
    </Stack>
  );
}
