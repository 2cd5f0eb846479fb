import { Stack, Text } from '@mantine/core';
import type { Cluster } from '../api/segmentations.ts';
import { BackButton } from '../elements/back-button.tsx';
import { UseBanner } from '../segment-use/use-banner.tsx';
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
      <BackButton onClick={onBack}>{`All segments of ${segmentation}`}</BackButton>
      <UseBanner segment={cluster.segment} />
      <ClusterCard segmentation={segmentation} cluster={cluster} />
      <Text size="sm" c="dimmed">
        Rules and sets refer to it as {cluster.segment}.
      </Text>
      <SegmentValidation segment={cluster.segment} />
    </Stack>
  );
}
