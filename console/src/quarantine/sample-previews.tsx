import { Group, Stack, Text, Title } from '@mantine/core';
import type { Preview, PreviewSample, QuarantineSample } from '../api/quarantine.ts';
import { JsonTree } from '../elements/json-tree.tsx';
import { Tag } from '../elements/tag.tsx';
import { diffJson } from './json-diff.ts';

interface Props {
  readonly preview: Preview | undefined;
  readonly samples: readonly QuarantineSample[];
  readonly has_rules: boolean;
}

/** Each sample with what the rules make of it, before anything is replayed. */
export function SamplePreviews({ preview, samples, has_rules }: Props) {
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3}>{has_rules ? 'Preview on samples' : 'Samples'}</Title>
        {preview !== undefined && (
          <Group gap="xs" role="status">
            <Tag tone="green">{preview.would_pass} would pass</Tag>
            <Tag tone={preview.would_fail > 0 ? 'red' : 'grey'}>{preview.would_fail} would not</Tag>
          </Group>
        )}
      </Group>
      {samples.map((sample, index) => (
        <SampleCard
          key={sample.position}
          sample={sample}
          outcome={preview?.samples.find((each) => each.position === sample.position)}
          open={index === 0}
        />
      ))}
    </Stack>
  );
}

interface CardProps {
  readonly sample: QuarantineSample;
  readonly outcome: PreviewSample | undefined;
  readonly open: boolean;
}

function SampleCard({ sample, outcome, open }: CardProps) {
  const changes = outcome === undefined ? [] : diffJson(outcome.before, outcome.after);
  const passes = outcome?.outcome === 'accepted';
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed" className="pl-mono">
          {sample.message_id || `position ${sample.position}`}
        </Text>
        {outcome !== undefined && (
          <Tag tone={passes ? 'green' : 'red'}>{passes ? 'Would pass' : 'Stays in quarantine'}</Tag>
        )}
      </Group>
      {changes.map((change) => (
        <div key={change.path} className="pl-mono">
          <div>{change.path}</div>
          <div className="pl-diff-before">− {asText(change.before)}</div>
          <div className="pl-diff-after">+ {asText(change.after)}</div>
        </div>
      ))}
      {outcome !== undefined && !passes && <Text size="sm">{outcome.detail}</Text>}
      <details open={open}>
        <summary>
          <Text span size="sm">
            Event as it arrived
          </Text>
        </summary>
        <JsonTree label="Payload" value={sample.payload} marked={sample.path} />
      </details>
    </Stack>
  );
}

function asText(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
