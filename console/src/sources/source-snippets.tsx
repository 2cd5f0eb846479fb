import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { currentKey, type Source } from '../api/sources.ts';
import { CodeBlock } from '../elements/code-block.tsx';
import { browserSnippet, curlSnippet, nodeSnippet, rudderSnippet } from './snippets.ts';

const KINDS = [
  { value: 'browser', label: 'Browser', text: browserSnippet, note: 'npm install @segment/analytics-next' },
  { value: 'node', label: 'Node', text: nodeSnippet, note: 'npm install @segment/analytics-node' },
  { value: 'curl', label: 'curl', text: curlSnippet, note: 'Any language: one POST with JSON.' },
  {
    value: 'rudder',
    label: 'RudderStack',
    text: rudderSnippet,
    note: 'npm install @rudderstack/analytics-js',
  },
] as const;

export function SourceSnippets({ source }: { readonly source: Source }) {
  const [kind, setKind] = useState<string>(
    source.type === 'browser' ? 'browser' : source.type === 'server' ? 'node' : 'curl',
  );
  const chosen = KINDS.find((each) => each.value === kind) ?? KINDS[0];
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Library"
        data={KINDS.map(({ value, label }) => ({ value, label }))}
        value={kind}
        onChange={setKind}
      />
      <Text size="xs" c="dimmed">
        {chosen.note}
      </Text>
      <CodeBlock
        label={`${chosen.label} snippet`}
        text={chosen.text(window.location.origin, currentKey(source))}
      />
      {!source.enabled && (
        <Text size="sm" c="var(--pl-amber)">
          The source is disabled: these calls are refused until it is enabled.
        </Text>
      )}
    </Stack>
  );
}
