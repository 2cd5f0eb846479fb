import { Button, Group, Kbd, Stack, Text } from '@mantine/core';
import { IconActivity, IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { EventFilter, EventRecord } from '../api/events.ts';
import { useAddressState } from '../elements/address-state.ts';
import { download } from '../elements/download.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCounted } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { ShortenedNote } from '../elements/shortened-note.tsx';
import type { Page } from '../page.ts';
import { isTyping } from '../shell/page-shortcuts.ts';
import { EventDrawer } from './event-drawer.tsx';
import { EventFilters } from './event-filters.tsx';
import { EventTable } from './event-table.tsx';
import { FirstEvent } from './first-event.tsx';
import { useLiveEvents } from './use-live-events.ts';

export const page: Page = {
  path: '/',
  title: 'Live events',
  icon: IconActivity,
  order: 10,
  section: 'Collect',
  shortcut: 'e',
  component: LiveEventsPage,
};

function LiveEventsPage() {
  const [address, setAddress] = useAddressState();
  const [paused, setPaused] = useState(false);
  const filter = filterOf(address);
  const live = useLiveEvents(filter, paused);
  const opened = useOpened(live.events, address['open']);
  const open = (event: EventRecord | undefined) =>
    setAddress({ open: event === undefined ? null : String(event.position) });
  useLiveKeys(live.events, opened, open, () => setPaused((now) => !now));
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <PageHead
        title="Live events"
        about="Everything that arrives, newest first, and what became of it."
        actions={
          <>
            <PauseButton paused={paused} onToggle={() => setPaused(!paused)} />
            <Button
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
              disabled={live.events.length === 0}
              onClick={() => exportEvents(live.events)}
            >
              Export shown
            </Button>
          </>
        }
      />
      <Stack gap="sm">
        <EventFilters filter={filter} onChange={(patch) => setAddress({ ...patch, open: null })} />
        <ShortenedNote />
        {live.error !== null && <ErrorState error={live.error} onRetry={live.retry} />}
        {live.events.length > 0 || live.loading ? (
          <EventTable events={live.events} loading={live.loading} selected={opened} onOpen={open} />
        ) : (
          live.error === null && <Nothing filtered={filtered} onClear={() => setAddress(CLEARED)} />
        )}
        {live.events.length > 0 && (
          <Group gap="sm" justify="space-between">
            <Text size="xs" c="dimmed">
              {formatCounted(live.events.length, 'event')} shown.{' '}
              <Text span size="xs" visibleFrom="sm">
                <Kbd size="xs">J</Kbd> <Kbd size="xs">K</Kbd> move, <Kbd size="xs">Esc</Kbd> closes,{' '}
                <Kbd size="xs">?</Kbd> lists all keys.
              </Text>
            </Text>
            {live.has_older && (
              <Button
                variant="default"
                onClick={() => {
                  setPaused(true);
                  void live.loadOlder();
                }}
              >
                Load older
              </Button>
            )}
          </Group>
        )}
      </Stack>
      <EventDrawer event={opened} onClose={() => open(undefined)} />
    </>
  );
}

/** The opened event stays open when newer ones push its row off the list. */
function useOpened(events: readonly EventRecord[], position: string | undefined): EventRecord | undefined {
  const last = useRef<EventRecord | undefined>(undefined);
  if (position === undefined) return undefined;
  const found = events.find((event) => String(event.position) === position);
  if (found !== undefined) last.current = found;
  return String(last.current?.position) === position ? last.current : undefined;
}

const CLEARED = {
  fate: null,
  source: null,
  type: null,
  event: null,
  person: null,
  bot: null,
  q: null,
  open: null,
};

function filterOf(address: Readonly<Record<string, string>>): EventFilter {
  const filter: Record<string, string> = {};
  for (const key of ['fate', 'source', 'type', 'event', 'person', 'bot', 'q']) {
    const value = address[key];
    if (value !== undefined && value !== '') filter[key] = value;
  }
  return filter;
}

function PauseButton({ paused, onToggle }: { readonly paused: boolean; readonly onToggle: () => void }) {
  return (
    <Button
      variant="default"
      onClick={onToggle}
      leftSection={
        <Group gap={6} wrap="nowrap">
          <span className="pl-live-dot" {...(paused ? { 'data-paused': true } : {})} aria-hidden />
          {paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        </Group>
      }
      rightSection={
        <Kbd size="xs" visibleFrom="sm">
          Space
        </Kbd>
      }
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  );
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (!filtered) return <FirstEvent />;
  return (
    <EmptyNote title="No event matches">
      <Stack gap="sm" align="center">
        Nothing received so far fits these filters. New events that do will appear by themselves.
        <Button variant="default" onClick={onClear}>
          Show all events
        </Button>
      </Stack>
    </EmptyNote>
  );
}

/** Space pauses, J and K walk through the rows. A focused button keeps its own Space. */
function useLiveKeys(
  events: readonly EventRecord[],
  opened: EventRecord | undefined,
  open: (event: EventRecord | undefined) => void,
  onToggle: () => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const in_control =
        event.target instanceof HTMLElement &&
        event.target.closest('button, a, summary, [role=dialog]') !== null;
      if (event.key === ' ' && !in_control) {
        event.preventDefault();
        onToggle();
      }
      const at = opened === undefined ? -1 : events.indexOf(opened);
      if (event.key === 'j') open(events[Math.min(at + 1, events.length - 1)]);
      if (event.key === 'k' && at > 0) open(events[at - 1]);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function exportEvents(events: readonly EventRecord[]): void {
  download(
    'events.ndjson',
    'application/x-ndjson',
    `${events.map((event) => JSON.stringify(event)).join('\n')}\n`,
  );
}
