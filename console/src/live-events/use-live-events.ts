import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type EventFilter, type EventPage, type EventRecord, fetchEvents } from '../api/events.ts';
import { mergeEvents, pollAfter } from './merge-events.ts';

const POLL_MS = 1_500;
/** Small, so that the first view is quick. */
const FIRST = 100;
const PAGE = 200;
/** Rows kept on the screen while reading live. Older ones are read again on demand. */
const KEPT = 300;

export interface LiveEvents {
  readonly events: readonly EventRecord[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** Appends older rows; the caller pauses, or live reading would drop them again. */
  readonly loadOlder: () => Promise<void>;
  readonly has_older: boolean;
}

interface Held {
  /** The filter these rows answer. */
  readonly key: string;
  readonly events: readonly EventRecord[];
  readonly next: string | null;
}

/** Newest first; asks every second and a half for what came after the newest row. */
export function useLiveEvents(filter: EventFilter, paused: boolean): LiveEvents {
  const key = JSON.stringify(filter);
  const [stored, setStored] = useState<Held>({ key, events: [], next: null });
  const held = useMemo(() => (stored.key === key ? stored : { key, events: [], next: null }), [stored, key]);
  const latest = useRef(held.events);
  latest.current = held.events;

  const query = useQuery({
    queryKey: ['live-events', key],
    queryFn: ({ signal }) => poll(filter, latest.current, signal),
    refetchInterval: paused ? false : POLL_MS,
    refetchOnWindowFocus: !paused,
    gcTime: 0,
    staleTime: 0,
  });
  const arrived = query.data;
  useEffect(() => {
    if (arrived !== undefined) setStored((before) => absorb(before, key, arrived));
  }, [arrived, key]);

  const loadOlder = async () => {
    if (held.next === null) return;
    const older = await fetchEvents(filter, { before: held.next, limit: PAGE });
    setStored((before) => ({
      key,
      events: mergeEvents(before.events, older.events),
      next: older.next ?? null,
    }));
  };
  return {
    events: held.events,
    loading:
      query.isPending || (arrived !== undefined && arrived.events.length > 0 && held.events.length === 0),
    error: query.error,
    retry: () => void query.refetch(),
    loadOlder,
    has_older: held.next !== null,
  };
}

function absorb(before: Held, key: string, arrived: EventPage): Held {
  const same = before.key === key && before.events.length > 0;
  const events = mergeEvents(same ? before.events : [], arrived.events);
  if (!same) return { key, events, next: arrived.next ?? null };
  if (events === before.events) return before;
  const kept = events.slice(0, Math.max(KEPT, before.events.length > KEPT ? before.events.length : 0));
  const last = kept.at(-1);
  const cut = kept.length < events.length && last !== undefined;
  return { key, events: kept, next: cut ? `${last.received_at}~${last.position}` : before.next };
}

/** A full page after the newest row means there may be a gap: then the newest page is read instead. */
async function poll(
  filter: EventFilter,
  held: readonly EventRecord[],
  signal: AbortSignal,
): Promise<EventPage> {
  const after = pollAfter(held);
  if (after === undefined) return fetchEvents(filter, { limit: FIRST }, signal);
  const answer = await fetchEvents(filter, { after, limit: PAGE }, signal);
  return answer.events.length < PAGE ? answer : fetchEvents(filter, { limit: PAGE }, signal);
}
