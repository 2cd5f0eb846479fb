import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import {
  type QuarantineGroup,
  type QuarantineSample,
  type RepairRule,
  usePreview,
  useQuarantineGroup,
} from '../api/quarantine.ts';
import { BackButton } from '../elements/back-button.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ShortenedNote } from '../elements/shortened-note.tsx';
import { DiscardButton } from './discard-button.tsx';
import { type DraftRule, toRule } from './draft-rule.ts';
import { pathsOf } from './json-diff.ts';
import { reasonWords } from './reason-words.ts';
import { ReplayButton } from './replay-button.tsx';
import { RuleBuilder } from './rule-builder.tsx';
import { SamplePreviews } from './sample-previews.tsx';

interface Props {
  readonly group_id: string;
  readonly onBack: () => void;
  readonly onRun: (run_id: string) => void;
}

export function GroupDetail({ group_id, onBack, onRun }: Props) {
  const group = useQuarantineGroup(group_id);
  return (
    <Stack gap="sm">
      <BackButton onClick={onBack}>All groups</BackButton>
      <ShortenedNote />
      <QueryState query={group}>
        {(answer) =>
          answer.group === null ? (
            <EmptyNote title="This group is empty">Its events were replayed or discarded.</EmptyNote>
          ) : (
            <Repair group={answer.group} samples={answer.samples} onRun={onRun} />
          )
        }
      </QueryState>
    </Stack>
  );
}

interface RepairProps {
  readonly group: QuarantineGroup;
  readonly samples: readonly QuarantineSample[];
  readonly onRun: (run_id: string) => void;
}

function Repair({ group, samples, onRun }: RepairProps) {
  const [drafts, setDrafts] = useState<readonly DraftRule[]>([]);
  const rules = useMemo(
    () => drafts.map(toRule).filter((rule): rule is RepairRule => rule !== undefined),
    [drafts],
  );
  const [asked] = useDebouncedValue(rules, 300);
  const preview = usePreview(group.group_id, asked);
  const paths = useMemo(() => [...new Set(samples.flatMap((sample) => pathsOf(sample.payload)))], [samples]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={2} style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Title order={2}>
            {group.event || group.type || 'Unreadable event'}: {reasonWords(group.reason)}
          </Title>
          <Text size="sm">{group.detail}</Text>
          <Text size="sm" c="dimmed">
            {formatCount(group.open)} open from {group.source_name}, first{' '}
            <RelativeTime at={group.first_at} />, last <RelativeTime at={group.last_at} />
          </Text>
        </Stack>
        <Group gap="xs">
          <DiscardButton group={group} onRun={onRun} />
          <ReplayButton
            group={group}
            rules={rules}
            preview={preview.data}
            ready={asked === rules && !preview.isFetching}
            onRun={onRun}
          />
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <RuleBuilder group={group} rules={drafts} paths={paths} onChange={setDrafts} />
        <Stack gap="sm" style={{ minWidth: 0 }}>
          {preview.isError && <ErrorState error={preview.error} onRetry={() => preview.refetch()} />}
          <SamplePreviews preview={preview.data} samples={samples} has_rules={rules.length > 0} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}
