import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';
import type { SegmentUse } from './segment-use.ts';
import type { Cluster, Method, SegmentationRun } from './segmentations.ts';

export const EVERY = ['stream', 'hour', 'day', 'week', 'manual'] as const;
export type Every = (typeof EVERY)[number];

/** A number of people with its 95 % interval; exact when everybody was looked at. */
export interface SizeEstimate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}

export interface RefreshCost {
  readonly seconds: number;
  readonly rows_read: number;
  readonly bytes_read: number;
}

export interface SegmentSummary {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly owner: string;
  readonly purpose: string;
  readonly teams: readonly string[];
  readonly sensitivity: 'normal' | 'sensitive';
  readonly version: number;
  readonly exclude_bots: boolean;
  readonly every: Every;
  /** `stream`: events and time decide at once. `scan`: decided when it is refreshed. */
  readonly decided_by: 'stream' | 'scan';
  readonly state: 'building' | 'failed' | 'live';
  /** Why the last computation of its rule has no answer. */
  readonly problem: string | null;
  /** Whether it is given out for use. */
  readonly use: Pick<SegmentUse, 'state' | 'reasons'>;
  readonly people: number | null;
  readonly entered_7d: number;
  readonly exited_7d: number;
  readonly refreshed_at: string | null;
  readonly cost: RefreshCost | null;
  readonly advice: { readonly every: Every; readonly reasons: readonly string[] };
  readonly uses: readonly string[];
  readonly used_by: readonly string[];
}

/** A predicate of the rule with its place in it: `rule.all[1]`. */
export interface RulePart {
  readonly place: string;
  readonly predicate: string;
  readonly description: string;
}

export interface SegmentDetail extends SegmentSummary {
  readonly rule: unknown;
  readonly parts: readonly RulePart[];
}

/** One that a segmentation found, named `<segmentation>/<cluster>`. */
export interface DiscoveredSummary {
  readonly name: string;
  readonly label: string;
  readonly segmentation: string;
  readonly owner: string;
  readonly version: number;
  /** `building` until everybody of the newest run is in. */
  readonly state: 'building' | 'live';
  readonly use: Pick<SegmentUse, 'state' | 'reasons'>;
  readonly people: number | null;
  readonly entered_7d: number;
  readonly exited_7d: number;
  readonly refreshed_at: string | null;
}

export interface DiscoveredDetail extends DiscoveredSummary {
  readonly description: string;
  readonly purpose: string;
  readonly teams: readonly string[];
  readonly method: Method;
  /** Null: by hand. */
  readonly refit_days: number | null;
  readonly run: Pick<SegmentationRun, 'id' | 'at' | 'window' | 'people' | 'trigger' | 'warnings'>;
  readonly cluster: Cluster;
  readonly used_by: readonly string[];
}

export interface SegmentDay {
  readonly day: string;
  readonly people: number;
  readonly entered: number;
  readonly exited: number;
}

export interface SegmentChange {
  readonly change_id: string;
  readonly person: string;
  readonly what: 'entered' | 'exited';
  readonly at: string;
  readonly cause: string;
}

export interface Explanation {
  readonly person: string;
  /** What the rule says now. */
  readonly is: boolean;
  /** What the list of members says. */
  readonly member: boolean;
  readonly since: string | null;
  /** When time alone may change the answer. */
  readonly until: string | null;
  readonly parts: readonly (RulePart & { readonly is: boolean; readonly evidence: unknown })[];
}

export interface Refresh extends RefreshCost {
  readonly at: string;
  readonly segments: readonly string[];
  readonly cause: string;
  readonly people: number;
  readonly entered: number;
  readonly exited: number;
}

const path = (name: string) => `/api/segments/${encodeURIComponent(name)}`;

export function useSegments() {
  return useQuery({
    queryKey: ['segments'],
    queryFn: ({ signal }) =>
      getJson<{
        segments: readonly SegmentSummary[];
        discovered: readonly DiscoveredSummary[];
      }>('/api/segments', {}, signal),
    refetchInterval: 10_000,
  });
}

export function useSegment(name: string) {
  return useQuery({
    queryKey: ['segments', name],
    queryFn: ({ signal }) => getJson<SegmentDetail>(path(name), {}, signal),
    // Judged within seconds of being worked out.
    refetchInterval: ({ state }) => (state.data?.use.state === 'pending' ? 1_500 : 10_000),
  });
}

export function useDiscoveredSegment(name: string) {
  return useQuery({
    queryKey: ['segments', name],
    queryFn: ({ signal }) => getJson<DiscoveredDetail>(path(name), {}, signal),
    refetchInterval: 10_000,
  });
}

export interface SharedPeople {
  readonly segment: string;
  readonly label: string;
  readonly people: number;
  /** In both now; null: fewer than ten, and the role sees no people. */
  readonly both: number | null;
}

/** With which other segments it shares people, as they are kept. */
export function useSharedPeople(name: string) {
  return useQuery({
    queryKey: ['segments', name, 'overlap'],
    queryFn: ({ signal }) =>
      getJson<{ segments: readonly SharedPeople[] }>(`${path(name)}/overlap`, {}, signal),
    select: ({ segments }) => segments,
  });
}

export function useSegmentTrend(name: string, days: number, enabled = true) {
  return useQuery({
    queryKey: ['segments', name, 'trend', days],
    queryFn: ({ signal }) =>
      getJson<{ days: readonly SegmentDay[] }>(`${path(name)}/trend`, { days }, signal),
    select: (answer) => sinceAnybody(answer.days),
    enabled,
    staleTime: 60_000,
  });
}

/** Without the days before anybody was in it: it did not exist then, or had just been made. */
function sinceAnybody(days: readonly SegmentDay[]): readonly SegmentDay[] {
  const first = days.findIndex((day) => day.people + day.entered + day.exited > 0);
  return first < 0 ? [] : days.slice(first);
}

export function useMembers(name: string) {
  return useInfiniteQuery({
    queryKey: ['segments', name, 'members'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      getJson<{
        members: readonly {
          readonly person: string;
          readonly since: string;
          readonly identifiers: readonly string[];
        }[];
        next: string | null;
      }>(`${path(name)}/members`, { after: pageParam, limit: 50 }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useSegmentChanges(segment: string) {
  return useQuery({
    queryKey: ['segments', segment, 'changes'],
    queryFn: ({ signal }) =>
      getJson<{ changes: readonly SegmentChange[] }>('/api/segment-changes', { segment }, signal),
    select: (answer) => answer.changes,
    refetchInterval: 10_000,
  });
}

export function useExplanation(segment: string, person: string) {
  return useQuery({
    queryKey: ['segments', segment, 'explain', person],
    queryFn: () =>
      sendJson<{ explanations: readonly Explanation[] }>('POST', `${path(segment)}/explain`, {
        people: [person],
      }),
    select: (answer) => answer.explanations[0] ?? null,
    enabled: person !== '',
  });
}

export function useRefreshes() {
  return useQuery({
    queryKey: ['segment-refreshes'],
    queryFn: ({ signal }) =>
      getJson<{ refreshes: readonly Refresh[] }>('/api/segment-refreshes', { limit: 200 }, signal),
    select: (answer) => answer.refreshes,
  });
}

/** Works segments out for everybody; an empty list means all. */
export function useRefreshSegments() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (segments: readonly string[]) =>
      sendJson<{ run_id: string }>('POST', '/api/segments/refresh', { segments }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
}

/** Members as one CSV, read page by page. */
export function useExportMembers() {
  return useMutation({
    mutationFn: async (name: string) => {
      let csv = '';
      let after: string | null | undefined;
      do {
        const page: { csv: string; next: string | null } = await getJson(`${path(name)}/export`, { after });
        // Every page starts with the header; one is enough.
        csv += csv === '' ? page.csv : page.csv.slice(page.csv.indexOf('\n') + 1);
        after = page.next;
      } while (after !== null);
      return csv;
    },
  });
}
