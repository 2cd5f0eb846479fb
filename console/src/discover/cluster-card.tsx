import { ActionIcon, Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useSegmentUses } from '../api/segment-use.ts';
import { type Cluster, useRenameCluster } from '../api/segmentations.ts';
import { useMayEdit } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount, formatRate, formatShare } from '../elements/number-format.ts';
import { SegmentLink } from '../elements/segment-link.tsx';
import { Tag } from '../elements/tag.tsx';
import { UseTag } from '../segment-use/use-tag.tsx';
import { silhouetteWords, stabilityWords } from './method-words.ts';

interface Props {
  readonly segmentation: string;
  readonly cluster: Cluster;
  readonly chosen?: boolean;
  /** Of the newest run: people are in it, and it has a page. */
  readonly stands: boolean;
}

/** One segment that was found: who is in it, in words, and how much to trust it. */
export function ClusterCard({ segmentation, cluster, chosen = false, stands }: Props) {
  const use = useSegmentUses().data?.find(({ segment }) => segment === cluster.segment);
  return (
    <Stack
      className="pl-panel"
      p="sm"
      gap="xs"
      {...(chosen ? { style: { borderColor: 'var(--pl-accent-text)' } } : {})}
    >
      <Name segmentation={segmentation} cluster={cluster} stands={stands} />
      <Text size="sm">
        <b>{formatCount(cluster.people)}</b> people, {formatShare(cluster.share)}
      </Text>
      {cluster.traits.length === 0 ? (
        <Text size="sm">{cluster.summary}</Text>
      ) : (
        <List size="sm" spacing={2}>
          {cluster.traits.map((trait) => (
            <List.Item key={trait.feature}>{trait.words}</List.Item>
          ))}
        </List>
      )}
      <Group gap="xs">
        <UseTag use={use} />
        {cluster.stability !== null && (
          <Tag
            tone={cluster.stable === true ? 'green' : 'amber'}
            title={`Found again in ${formatShare(cluster.stability)} (mean Jaccard) when the people are drawn anew`}
          >
            {stabilityWords(cluster.stability)}
          </Tag>
        )}
        {cluster.silhouette !== null && (
          <Tag tone="grey" title={`Silhouette ${formatRate(cluster.silhouette)}, from -1 to 1`}>
            {silhouetteWords(cluster.silhouette)}
          </Tag>
        )}
        {cluster.overlap_before !== null && (
          <Text size="xs" c="dimmed">
            {formatShare(cluster.overlap_before)} the same people as in the run before
          </Text>
        )}
      </Group>
      <Group gap="xs" justify="space-between">
        <span className="pl-mono" style={{ overflowWrap: 'anywhere' }}>
          {cluster.segment}
        </span>
        {stands && (
          <Button
            component={Link}
            to="/segments"
            search={{ open: cluster.segment } as never}
            variant="default"
            aria-label={`Open ${cluster.title}`}
          >
            Open
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Name({ segmentation, cluster, stands }: Omit<Props, 'chosen'>) {
  const may_edit = useMayEdit();
  const [editing, setEditing] = useState(false);
  if (editing)
    return <RenameForm segmentation={segmentation} cluster={cluster} onDone={() => setEditing(false)} />;
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <Title order={3}>
        {stands ? <SegmentLink name={cluster.segment} label={cluster.title} /> : cluster.title}
      </Title>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Rename ${cluster.title}`}
        disabled={!may_edit}
        onClick={() => setEditing(true)}
      >
        <IconPencil size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function RenameForm({
  segmentation,
  cluster,
  onDone,
}: Omit<Props, 'chosen' | 'stands'> & { readonly onDone: () => void }) {
  const rename = useRenameCluster(segmentation);
  const [title, setTitle] = useState(cluster.title);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ cluster: cluster.key, title: title.trim() }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={onSubmit} onKeyDown={(event) => event.key === 'Escape' && onDone()}>
      <Group gap="xs" align="flex-end">
        <TextInput
          data-autofocus
          label="Name of the segment"
          description="It is kept when segments are found anew."
          maxLength={100}
          style={{ flex: '1 1 140px' }}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" loading={rename.isPending} disabled={title.trim() === ''}>
          Save
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
      {rename.isError && <ErrorState error={rename.error} />}
    </form>
  );
}
