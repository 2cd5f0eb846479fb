import { useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

export const FATES = ['stored', 'deduplicated', 'filtered', 'quarantined', 'pending'] as const;
export type Fate = (typeof FATES)[number];

export const EVENT_TYPES = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;

/** One received event, whatever became of it. JSON fields may arrive as text. */
export interface EventRecord {
  readonly position: number;
  readonly fate: Fate;
  readonly source_id: string;
  readonly source_name?: string;
  readonly message_id: string;
  readonly type: string;
  readonly event: string;
  readonly person_id?: string;
  readonly user_id?: string;
  readonly anonymous_id?: string;
  readonly timestamp: string;
  readonly received_at: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly path?: string;
  /** Position of the first copy, for a repeat. */
  readonly of_position?: number | null;
  readonly bot?: number | boolean;
  readonly bot_reason?: string;
  readonly plan?: string;
  readonly violations?: unknown;
  readonly properties?: unknown;
  readonly traits?: unknown;
  readonly context?: unknown;
  readonly ip?: string;
  readonly library?: string;
  readonly payload?: unknown;
}

export interface EventFilter {
  readonly fate?: string;
  readonly source?: string;
  readonly type?: string;
  readonly event?: string;
  readonly person?: string;
  /** 'true' or 'false'. */
  readonly bot?: string;
  readonly q?: string;
}

export interface EventPage {
  readonly events: readonly EventRecord[];
  readonly end: number;
  /** Cursor for older rows; null at the end. */
  readonly next?: string | null;
}

export function fetchEvents(
  filter: EventFilter,
  range: { readonly after?: number; readonly before?: string; readonly limit?: number },
  signal?: AbortSignal,
): Promise<EventPage> {
  return getJson<EventPage>('/api/events', { limit: 100, ...range, ...filter }, signal);
}

export interface Occurrence {
  readonly fate: Fate;
  readonly source_id: string;
  readonly source_name: string;
  readonly position: number;
  readonly received_at: string;
  readonly reason: string;
  readonly detail: string;
  readonly path: string;
  readonly of: { readonly message_id: string; readonly position: number } | null;
  readonly resolved: {
    readonly as: 'replayed' | 'discarded';
    readonly position: number;
    readonly at: string;
  } | null;
  readonly steps: readonly { readonly at: string; readonly what: string }[];
}

export function useFate(message_id: string, source_id: string) {
  return useQuery({
    queryKey: ['fate', source_id, message_id],
    queryFn: ({ signal }) =>
      getJson<{ message_id: string; occurrences: readonly Occurrence[] }>(
        `/api/events/${encodeURIComponent(message_id)}/fate`,
        { source: source_id },
        signal,
      ),
    enabled: message_id !== '',
  });
}
