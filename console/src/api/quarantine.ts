import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export interface QuarantineGroup {
  readonly group_id: string;
  readonly source_id: string;
  readonly source_name: string;
  readonly type: string;
  readonly event: string;
  readonly reason: string;
  readonly path: string;
  readonly detail: string;
  readonly open: number;
  readonly first_at: string;
  readonly last_at: string;
}

export interface QuarantineSample {
  readonly position: number;
  readonly message_id: string;
  readonly received_at: string;
  readonly payload: unknown;
  readonly detail: string;
  readonly path: string;
}

export interface RuleCondition {
  readonly path: string;
  readonly is: 'missing' | 'present' | 'equals' | 'contains' | 'type';
  readonly value?: unknown;
}

export interface RepairRule {
  readonly action: 'set' | 'rename' | 'cast' | 'remove';
  readonly path: string;
  readonly to?: string;
  readonly value?: unknown;
  readonly type?: string;
  readonly when?: RuleCondition;
}

export interface PreviewSample {
  readonly position: number;
  readonly message_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly changed: boolean;
  readonly outcome: 'accepted' | 'quarantined';
  readonly reason: string;
  readonly detail: string;
  readonly path: string;
}

export interface Preview {
  readonly samples: readonly PreviewSample[];
  readonly tried: number;
  readonly would_pass: number;
  readonly would_fail: number;
}

/** One replay or discard, running or done. */
export interface QuarantineRun {
  readonly id: string;
  readonly kind?: 'replay' | 'discard';
  readonly group_id?: string;
  readonly source_name?: string;
  readonly event?: string;
  readonly reason?: string;
  readonly status: 'running' | 'finished' | 'failed' | 'interrupted';
  readonly total: number;
  readonly done: number;
  readonly replayed: number;
  readonly failed: number;
  readonly started_at: string;
  readonly finished_at: string | null;
}

export function useQuarantineGroups() {
  return useQuery({
    queryKey: ['quarantine', 'groups'],
    queryFn: ({ signal }) => getJson<{ groups: readonly QuarantineGroup[] }>('/api/quarantine', {}, signal),
    select: (answer) => answer.groups,
    refetchInterval: 5_000,
  });
}

/** `group` is null once all of its events were replayed or discarded. */
export function useQuarantineGroup(group_id: string) {
  return useQuery({
    queryKey: ['quarantine', 'group', group_id],
    queryFn: ({ signal }) =>
      getJson<{ group: QuarantineGroup | null; samples: readonly QuarantineSample[] }>(
        `/api/quarantine/${encodeURIComponent(group_id)}`,
        {},
        signal,
      ),
  });
}

/** Old answers stay on the screen while the next is computed, so that typing does not flicker. */
export function usePreview(group_id: string, rules: readonly RepairRule[]) {
  return useQuery({
    queryKey: ['quarantine', 'preview', group_id, rules],
    queryFn: () => sendJson<Preview>('POST', '/api/quarantine/preview', { group_id, rules, limit: 20 }),
    placeholderData: (before) => before,
  });
}

export function useReplay() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly group_id: string; readonly rules: readonly RepairRule[] }) =>
      sendJson<{ replay: QuarantineRun }>('POST', '/api/quarantine/replay', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['quarantine', 'runs'] }),
  });
}

export function useDiscard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (group_id: string) =>
      sendJson<{ replay: QuarantineRun }>('POST', '/api/quarantine/discard', { group_id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['quarantine', 'runs'] }),
  });
}

export function useQuarantineRuns() {
  return useQuery({
    queryKey: ['quarantine', 'runs'],
    queryFn: ({ signal }) =>
      getJson<{ replays: readonly QuarantineRun[] }>('/api/quarantine/replays', {}, signal),
    select: (answer) => answer.replays,
    refetchInterval: 10_000,
  });
}

/** Follows a run until it ends. */
export function useQuarantineRun(id: string) {
  return useQuery({
    queryKey: ['quarantine', 'run', id],
    queryFn: ({ signal }) =>
      getJson<{ replay: QuarantineRun } | QuarantineRun>(
        `/api/quarantine/replays/${encodeURIComponent(id)}`,
        {},
        signal,
      ),
    select: (answer) => ('replay' in answer ? answer.replay : answer),
    refetchInterval: (query) => {
      const answer = query.state.data;
      const run = answer !== undefined && 'replay' in answer ? answer.replay : answer;
      return run === undefined || run.status === 'running' ? 500 : false;
    },
  });
}
