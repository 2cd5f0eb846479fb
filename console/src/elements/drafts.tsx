import { Group, Stack, Text } from '@mantine/core';
import { type DefinitionSummary, isDraft, useDefinitions } from '../api/drafts.ts';
import { RelativeTime } from './relative-time.tsx';
import { Tag } from './tag.tsx';

interface Props {
  readonly kind: string;
  readonly onOpen: (name: string) => void;
}

/** What is being worked on and not released. */
export function Drafts({ kind, onOpen }: Props) {
  const drafts = (useDefinitions(kind).data ?? []).filter(isDraft);
  if (drafts.length === 0) return null;
  return (
    <Stack className="pl-panel" p="sm" gap={6}>
      <Text size="sm" fw={600}>
        Not released yet
      </Text>
      {drafts.map((draft) => (
        <Group key={draft.name} gap="xs">
          <button type="button" className="pl-row-button" onClick={() => onOpen(draft.name)}>
            {draft.name}
          </button>
          <DraftTag draft={draft} />
          <Text size="xs" c="dimmed" component="span">
            {draft.author}, <RelativeTime at={draft.created_at} />
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

function DraftTag({ draft }: { readonly draft: DefinitionSummary }) {
  if (draft.review.state === 'requested') return <Tag tone="amber">Waits for approval</Tag>;
  if (draft.review.state === 'approved') return <Tag tone="green">Approved</Tag>;
  return <Tag tone="grey">{draft.released_version === null ? 'Draft' : 'Changed draft'}</Tag>;
}
