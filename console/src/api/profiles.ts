import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

export interface ShownIdentifier {
  readonly type: string;
  readonly value: string;
  /** Shortened, because the reader's role does not see contact data. */
  readonly masked: boolean;
}

export interface FoundPerson {
  /** 16 hex digits. */
  readonly person: string;
  readonly identifier: ShownIdentifier;
  readonly name: string;
  /** Identifier type or trait in which the text was found. */
  readonly matched: string;
  readonly last_seen: string | null;
  readonly events: number | null;
}

export interface Trait {
  readonly name: string;
  readonly value: unknown;
  readonly masked: boolean;
  readonly at: string;
  readonly age_days: number;
  readonly source_id: string;
  readonly origin: 'said' | 'kept' | 'group';
  readonly label: string;
  readonly unit: string;
  readonly sensitive: boolean;
  readonly fresh_for_days: number | null;
  readonly stale: boolean;
}

export interface ComputedValue {
  readonly name: string;
  readonly value: unknown;
  readonly masked: boolean;
  readonly at: string | null;
  readonly calc: string;
  readonly label: string;
  readonly unit: string;
  readonly state: 'ready' | 'computing';
  readonly fresh_for_days: number | null;
  readonly stale: boolean;
}

export interface MemberOf {
  readonly type: string;
  readonly id: string;
  readonly since: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

export interface Profile {
  readonly person: string;
  readonly nodes: readonly string[];
  readonly identifiers: readonly ShownIdentifier[];
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly traits: readonly Trait[];
  readonly computed: readonly ComputedValue[];
  readonly groups: readonly MemberOf[];
  readonly consent: readonly {
    readonly purpose: string;
    readonly granted: boolean;
    readonly since: string;
  }[];
  readonly sessions: {
    readonly sessions: number;
    readonly pages: number;
    readonly first_at: string | null;
    readonly last_at: string | null;
    readonly last_campaign: string;
    /** Only the newest thousand were counted. */
    readonly more: boolean;
  };
  readonly segments: readonly string[];
}

export interface TimelineEvent {
  readonly position: number;
  readonly message_id: string;
  readonly node: string;
  readonly source_id: string;
  readonly type: string;
  readonly event: string;
  readonly timestamp: string;
  readonly received_at: string;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly group_id: string;
  readonly properties: unknown;
  readonly traits: unknown;
  readonly context: unknown;
  readonly bot: boolean;
}

export interface PersonSession {
  readonly session_id: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly events: number;
  readonly pages: number;
  readonly campaign: string;
  readonly entry_path: string;
  readonly exit_path: string;
  readonly referrer: string;
  readonly bot: 0 | 1;
  readonly runaway: 0 | 1;
}

export const PEOPLE_PAGE = 50;

/** Old answers stay while the next page is on its way. */
export function usePeople(q: string, page: number) {
  return useQuery({
    queryKey: ['people', q, page],
    queryFn: ({ signal }) =>
      getJson<{ people: readonly FoundPerson[]; more: boolean }>(
        '/api/profiles',
        { q, limit: PEOPLE_PAGE, offset: page * PEOPLE_PAGE },
        signal,
      ),
    placeholderData: (before) => before,
  });
}

const path = (person: string) => `/api/profiles/${encodeURIComponent(`person:${person}`)}`;

export function useProfile(person: string) {
  return useQuery({
    queryKey: ['profile', person],
    queryFn: ({ signal }) => getJson<Profile>(path(person), {}, signal),
    refetchInterval: 10_000,
  });
}

export interface TimelineFilter {
  readonly event?: string;
  readonly type?: string;
}

export function useTimeline(person: string, filter: TimelineFilter) {
  return useInfiniteQuery({
    queryKey: ['timeline', person, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      getJson<{ events: readonly TimelineEvent[]; next: string | null }>(
        `${path(person)}/timeline`,
        { ...filter, cursor: pageParam },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useSessionsOf(person: string) {
  return useQuery({
    queryKey: ['person-sessions', person],
    queryFn: ({ signal }) =>
      getJson<{ sessions: readonly PersonSession[] }>('/api/sessions', { person, limit: 200 }, signal),
    select: (answer) => answer.sessions,
  });
}

/** Everything that is kept about the person; written to the audit log. */
export function useExportPerson() {
  return useMutation({
    mutationFn: (person: string) => getJson<{ more_events: boolean }>(`${path(person)}/export`),
  });
}
