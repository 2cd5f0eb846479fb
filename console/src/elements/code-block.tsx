import { Group, Text } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

/** Text to be copied as it stands. `tabIndex` lets the keyboard scroll a long line. */
export function CodeBlock({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <CopyButton text={text} label={label} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className="pl-code" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
