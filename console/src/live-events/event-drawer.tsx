import { Anchor, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type EventRecord, type Occurrence, useFate } from '../api/events.ts';
import { useSourceName } from '../api/sources.ts';
import { FATE_WORDS, FateTag } from '../elements/fate-tag.tsx';
import { JsonTree } from '../elements/json-tree.tsx';
import { isEmptyJson, parseJson } from '../elements/parse-json.ts';
import { QueryState } from '../elements/query-state.tsx';
import { absoluteTime, RelativeTime } from '../elements/relative-time.tsx';
import { personOf } from './event-table.tsx';

interface Props {
  readonly event: EventRecord | undefined;
  readonly onClose: () => void;
}

export function EventDrawer({ event, onClose }: Props) {
  return (
    <Drawer
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={event === undefined ? '' : event.event || event.type || 'Unreadable event'}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {event !== undefined && <EventDetails event={event} />}
    </Drawer>
  );
}

function EventDetails({ event }: { readonly event: EventRecord }) {
  return (
    <Stack gap="lg">
      <Why event={event} />
      <Facts event={event} />
      <Violations value={parseJson(event.violations)} />
      <Payload event={event} />
    </Stack>
  );
}

function Why({ event }: { readonly event: EventRecord }) {
  const fate = useFate(event.message_id, event.source_id);
  return (
    <Stack gap="xs">
      <Title order={3}>Why it is where it is</Title>
      <Group gap="xs">
        <FateTag fate={event.fate} />
        <Text size="sm">{FATE_WORDS[event.fate].meaning}</Text>
      </Group>
      {event.detail !== undefined && event.detail !== '' && <Text size="sm">{event.detail}</Text>}
      {event.fate === 'quarantined' && (
        <Anchor
          component={Link}
          to="/quarantine"
          search={
            { source: event.source_id, reason: event.reason, event: event.event, path: event.path } as never
          }
          size="sm"
        >
          Open in Quarantine to repair it
        </Anchor>
      )}
      {event.message_id !== '' && (
        <QueryState query={fate} lines={3}>
          {(answer) => (
            <Stack gap="sm">
              {answer.occurrences.map((each) => (
                <Steps key={each.position} occurrence={each} current={each.position === event.position} />
              ))}
            </Stack>
          )}
        </QueryState>
      )}
    </Stack>
  );
}

function Steps({ occurrence, current }: { readonly occurrence: Occurrence; readonly current: boolean }) {
  return (
    <div>
      {!current && (
        <Text size="xs" c="dimmed" mb={4}>
          Also received <RelativeTime at={occurrence.received_at} /> at position {occurrence.position}:{' '}
          {FATE_WORDS[occurrence.fate].label.toLowerCase()}
        </Text>
      )}
      <ol className="pl-steps">
        {occurrence.steps.map((step) => (
          <li key={`${step.at}${step.what}`}>
            <Text size="sm">{step.what}</Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'pre-wrap' }}>
              {absoluteTime(step.at).split('\n')[0]}
            </Text>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Facts({ event }: { readonly event: EventRecord }) {
  const sourceName = useSourceName();
  const person = personOf(event);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Source', event.source_name ?? sourceName(event.source_id)],
    ['Type', event.type],
    ['Happened', event.timestamp === '' ? '' : absoluteTime(event.timestamp)],
    ['Received', absoluteTime(event.received_at)],
    ['Message id', event.message_id],
    ['User id', event.user_id],
    ['Anonymous id', event.anonymous_id],
    ['Position in the log', String(event.position)],
    ['Repeat of position', event.of_position ? String(event.of_position) : ''],
    ['Checked against', event.plan],
    ['Looks machine-made', Number(event.bot) === 1 ? event.bot_reason || 'yes' : ''],
    ['Network address', event.ip],
    ['Library', event.library],
  ];
  return (
    <Stack gap="xs">
      <Title order={3}>Facts</Title>
      <dl className="pl-facts">
        {facts
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([term, value]) => (
            <div key={term} style={{ display: 'contents' }}>
              <dt>{term}</dt>
              <dd style={{ whiteSpace: 'pre-line' }}>{value}</dd>
            </div>
          ))}
      </dl>
      {person !== '' && (
        <Anchor component={Link} to="/" search={{ person } as never} size="sm">
          Other events of this person
        </Anchor>
      )}
    </Stack>
  );
}

function Violations({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value) || value.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3}>What did not fit the tracking plan</Title>
      {value.map((violation: { path: string; rule: string; message: string; action: string }) => (
        <Text key={`${violation.path}${violation.rule}`} size="sm">
          <span className="pl-mono">{violation.path}</span>: {violation.message} (
          {ACTION_WORDS[violation.action]})
        </Text>
      ))}
    </Stack>
  );
}

const ACTION_WORDS: Record<string, string> = {
  allow: 'kept as it was',
  strip: 'the field was removed',
  quarantine: 'the event was quarantined',
};

function Payload({ event }: { readonly event: EventRecord }) {
  const parts = (['properties', 'traits', 'context'] as const)
    .map((key) => ({ key, value: parseJson(event[key]) }))
    .filter((part) => !isEmptyJson(part.value));
  const payload = parseJson(event.payload);
  const marked = event.path ?? '';
  return (
    <Stack gap="md">
      <Title order={3}>Content</Title>
      {parts.map((part) => (
        <JsonTree key={part.key} label={part.key} value={part.value} at={part.key} marked={marked} />
      ))}
      {!isEmptyJson(payload) && <JsonTree label="as it arrived" value={payload} marked={marked} />}
      {parts.length === 0 && isEmptyJson(payload) && (
        <Text size="sm" c="dimmed">
          The event carries no properties, traits or context.
        </Text>
      )}
    </Stack>
  );
}
