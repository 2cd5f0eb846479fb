import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { currentKey, useSources } from '../api/sources.ts';
import { CodeBlock } from '../elements/code-block.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { curlSnippet } from '../sources/snippets.ts';

/** Nothing has arrived yet: a command that changes that, ready to paste. */
export function FirstEvent() {
  const sources = useSources();
  const source = sources.data?.find((each) => each.enabled);
  if (source === undefined) {
    return (
      <EmptyNote title="No events yet">
        Events need a source with a write key.{' '}
        <Anchor component={Link} to="/sources" size="sm" underline="always">
          Create a source
        </Anchor>{' '}
        and come back.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote title="No events yet">
      <Stack gap="sm" ta="left">
        <Text size="sm" c="dimmed" ta="center">
          Paste this into a terminal: the event appears here within two seconds. It uses the write key of “
          {source.name}”; see{' '}
          <Anchor component={Link} to="/sources" size="sm" underline="always">
            Sources
          </Anchor>{' '}
          for browser and server libraries.
        </Text>
        <CodeBlock label="curl command" text={curlSnippet(window.location.origin, currentKey(source))} />
      </Stack>
    </EmptyNote>
  );
}
