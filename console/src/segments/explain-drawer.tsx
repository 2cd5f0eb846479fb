import { Anchor, Drawer, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Explanation, useExplanation } from '../api/segments.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';
import { valueText } from '../elements/value-text.ts';
import { isTurned, wayOf } from './rule-place.ts';

interface Props {
  readonly segment: string;
  /** Empty: closed. */
  readonly person: string;
  readonly onClose: () => void;
}

export function ExplainDrawer({ segment, person, onClose }: Props) {
  const explanation = useExplanation(segment, person);
  return (
    <Drawer
      opened={person !== ''}
      onClose={onClose}
      position="right"
      size="md"
      title="Why in the segment, or why not"
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {person !== '' && (
        <QueryState query={explanation}>
          {(answer) =>
            answer === null ? <Text size="sm">Nobody has this id any more.</Text> : <Answer {...answer} />
          }
        </QueryState>
      )}
    </Drawer>
  );
}

function Answer({ person, is, member, since, until, parts }: Explanation) {
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Tag tone={is ? 'green' : 'grey'}>{is ? 'Fits the rule' : 'Does not fit the rule'}</Tag>
        <Tag tone={member ? 'green' : 'grey'}>{member ? 'Is in the segment' : 'Is not in the segment'}</Tag>
      </Group>
      <Text size="sm" component="div">
        {since !== null && (
          <>
            In it since <RelativeTime at={since} />.{' '}
          </>
        )}
        {until !== null && (
          <>
            Time alone may change the answer <RelativeTime at={until} />.{' '}
          </>
        )}
        {is !== member && 'The next refresh brings the two together.'}
      </Text>
      <Stack gap="xs">
        {parts.map((part) => (
          <Stack key={part.place} gap={2} className="pl-panel" p="xs">
            <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {part.description}
              </Text>
              <Tag tone={part.is === isTurned(part.place) ? 'red' : 'green'}>{part.is ? 'yes' : 'no'}</Tag>
            </Group>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {wayOf(part.place)} · found: {valueText(part.evidence)}
            </Text>
          </Stack>
        ))}
      </Stack>
      <Anchor component={Link} to="/people" search={{ open: person } as never} size="sm">
        Open the person
      </Anchor>
    </Stack>
  );
}
