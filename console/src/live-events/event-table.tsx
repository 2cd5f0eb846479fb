import { Skeleton } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { EventRecord } from '../api/events.ts';
import { useSourceName } from '../api/sources.ts';
import { FateTag } from '../elements/fate-tag.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

interface Props {
  readonly events: readonly EventRecord[];
  readonly loading: boolean;
  readonly selected: EventRecord | undefined;
  readonly onOpen: (event: EventRecord) => void;
}

export function EventTable({ events, loading, selected, onOpen }: Props) {
  const sourceName = useSourceName();
  const open = useRef(onOpen);
  open.current = onOpen;
  const stable = useRef((event: EventRecord) => open.current(event));
  const fresh_above = useFreshness(events);
  return (
    <ScrollTable label="Events" min_width={760} max_height="max(320px, calc(100dvh - 224px))">
      <thead>
        <tr>
          <th style={{ width: 92 }}>Received</th>
          <th>Event</th>
          <th style={{ width: 120 }}>What became of it</th>
          <th style={{ width: 76 }}>Type</th>
          <th>Person</th>
          <th>Source</th>
          <th>Why</th>
        </tr>
      </thead>
      <tbody>
        {loading
          ? Array.from({ length: 12 }, (_, line) => line).map((line) => (
              <tr key={line}>
                <td colSpan={7}>
                  <Skeleton height={14} />
                </td>
              </tr>
            ))
          : events.map((event) => (
              <Row
                key={event.position}
                event={event}
                source_name={event.source_name ?? sourceName(event.source_id)}
                selected={event.position === selected?.position}
                fresh={event.position > fresh_above}
                onOpen={stable.current}
              />
            ))}
      </tbody>
    </ScrollTable>
  );
}

/** Newest position at first sight: rows above it arrived while the person looked on. */
function useFreshness(events: readonly EventRecord[]): number {
  const first = useRef(Number.POSITIVE_INFINITY);
  const newest = events[0]?.position;
  useEffect(() => {
    if (newest !== undefined && first.current === Number.POSITIVE_INFINITY) first.current = newest;
  }, [newest]);
  return first.current;
}

interface RowProps {
  readonly event: EventRecord;
  readonly source_name: string;
  readonly selected: boolean;
  readonly fresh: boolean;
  readonly onOpen: (event: EventRecord) => void;
}

const Row = memo(function EventRow({ event, source_name, selected, fresh, onOpen }: RowProps) {
  const name = event.event !== '' ? event.event : event.type === '' ? 'Unreadable event' : event.type;
  return (
    <tr
      data-clickable
      {...(selected ? { 'data-selected': true } : {})}
      className={fresh ? 'pl-new-row' : undefined}
      onClick={() => onOpen(event)}
    >
      <td style={{ whiteSpace: 'nowrap' }}>
        <RelativeTime at={event.received_at} />
      </td>
      <td style={{ maxWidth: 240 }}>
        <button type="button" className="pl-row-button" aria-label={`Open ${name}`}>
          {name}
        </button>
      </td>
      <td>
        <FateTag fate={event.fate} />
      </td>
      <td>{event.type}</td>
      <td style={{ maxWidth: 180 }}>
        <span className="pl-mono pl-truncate">{personOf(event)}</span>
      </td>
      <td style={{ maxWidth: 140 }}>
        <span className="pl-truncate">{source_name}</span>
      </td>
      <td style={{ maxWidth: 260 }}>
        <span className="pl-truncate" title={event.detail}>
          {Number(event.bot) === 1 && (
            <Tag tone="amber" title={event.bot_reason ?? ''}>
              bot
            </Tag>
          )}{' '}
          {whyOf(event)}
        </span>
      </td>
    </tr>
  );
});

export function personOf(event: EventRecord): string {
  return event.person_id || event.user_id || event.anonymous_id || '';
}

function whyOf(event: EventRecord): string {
  if (event.reason === undefined || event.reason === '') return '';
  const words = event.reason.replaceAll('_', ' ');
  return event.path ? `${words}: ${event.path}` : words;
}
