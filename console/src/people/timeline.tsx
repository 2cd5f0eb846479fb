import { Button, Drawer, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { EVENT_TYPES } from '../api/events.ts';
import { type Profile, type TimelineEvent, useTimeline } from '../api/profiles.ts';
import { useSourceName } from '../api/sources.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { JsonTree } from '../elements/json-tree.tsx';
import { isEmptyJson } from '../elements/parse-json.ts';
import { QueryState } from '../elements/query-state.tsx';
import { absoluteTime, RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { IdentifierText } from './identifier-text.tsx';

/** Events under all identifiers, newest first. */
export function Timeline({ profile }: { readonly profile: Profile }) {
  const [event, setEvent] = useState('');
  const [type, setType] = useState<string | null>(null);
  const [settled] = useDebouncedValue(event.trim(), 300);
  const [opened, setOpened] = useState<TimelineEvent | undefined>();
  const timeline = useTimeline(profile.person, {
    ...(settled === '' ? {} : { event: settled }),
    ...(type === null ? {} : { type }),
  });
  const filtered = settled !== '' || type !== null;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <TextInput
          aria-label="Event name"
          placeholder="Event name, whole"
          value={event}
          onChange={(change) => setEvent(change.currentTarget.value)}
        />
        <Select
          aria-label="Kind of call"
          placeholder="All types"
          clearable
          w={130}
          clearButtonProps={{ 'aria-label': 'All types' }}
          data={[...EVENT_TYPES]}
          value={type}
          onChange={setType}
        />
      </Group>
      <QueryState query={timeline} lines={8}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events);
          if (events.length === 0) {
            return (
              <EmptyNote title={filtered ? 'No event fits' : 'No events'}>
                {filtered
                  ? 'Event names are compared whole, in their spelling.'
                  : 'This person is known from a list only.'}
              </EmptyNote>
            );
          }
          return <EventRows events={events} profile={profile} onOpen={setOpened} />;
        }}
      </QueryState>
      {timeline.isFetchNextPageError && <ErrorState error={timeline.error} />}
      {timeline.hasNextPage && (
        <Button
          variant="default"
          style={{ alignSelf: 'center' }}
          loading={timeline.isFetchingNextPage}
          onClick={() => void timeline.fetchNextPage()}
        >
          Load older
        </Button>
      )}
      <EventPanel event={opened} onClose={() => setOpened(undefined)} />
    </Stack>
  );
}

interface RowsProps {
  readonly events: readonly TimelineEvent[];
  readonly profile: Profile;
  readonly onOpen: (event: TimelineEvent) => void;
}

function EventRows({ events, profile, onOpen }: RowsProps) {
  const sourceName = useSourceName();
  return (
    <ScrollTable label="Events of this person" min_width={700}>
      <thead>
        <tr>
          <th>When</th>
          <th>Event</th>
          <th>Type</th>
          <th>Under</th>
          <th>Source</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.position} data-clickable onClick={() => onOpen(event)}>
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={event.timestamp} />
            </td>
            <td style={{ maxWidth: 260 }}>
              <Group gap={6} wrap="nowrap">
                <button type="button" className="pl-row-button">
                  {event.event || event.type}
                </button>
                {event.bot && <Tag tone="amber">bot</Tag>}
              </Group>
            </td>
            <td>{event.type}</td>
            <td style={{ maxWidth: 240 }}>
              <IdentifierText identifier={identifierOf(event, profile)} />
            </td>
            <td style={{ maxWidth: 160 }}>
              <span className="pl-truncate">{sourceName(event.source_id)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** The identifier that the event stands at, as the profile shows it (shortened when it must be). */
function identifierOf(event: TimelineEvent, profile: Profile) {
  const type = event.user_id === '' ? 'anonymous_id' : 'user_id';
  const value = event.user_id === '' ? event.anonymous_id : event.user_id;
  const known = profile.identifiers.find((each) => each.type === type && each.value === value);
  return known ?? { type, value, masked: false };
}

interface PanelProps {
  readonly event: TimelineEvent | undefined;
  readonly onClose: () => void;
}

function EventPanel({ event, onClose }: PanelProps) {
  return (
    <Drawer
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={event === undefined ? '' : event.event || event.type}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {event !== undefined && (
        <Stack gap="md">
          <dl className="pl-facts">
            <dt>Happened</dt>
            <dd style={{ whiteSpace: 'pre-line' }}>{absoluteTime(event.timestamp)}</dd>
            <dt>Received</dt>
            <dd style={{ whiteSpace: 'pre-line' }}>{absoluteTime(event.received_at)}</dd>
            <dt>Message id</dt>
            <dd className="pl-mono">{event.message_id}</dd>
          </dl>
          {(['properties', 'traits', 'context'] as const)
            .filter((part) => !isEmptyJson(event[part]))
            .map((part) => (
              <JsonTree key={part} label={part} value={event[part]} at={part} />
            ))}
          {isEmptyJson(event.properties) && isEmptyJson(event.traits) && isEmptyJson(event.context) && (
            <Text size="sm" c="dimmed">
              The event carries no properties, traits or context.
            </Text>
          )}
        </Stack>
      )}
    </Drawer>
  );
}
