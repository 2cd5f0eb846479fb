import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

/** Long work in the background. `progress` is 0 to 1; `doing` says what is being done now. */
export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly doing: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly result: unknown;
  readonly error: string;
}

/** Follows a run until it ends. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => getJson<Run>(`/api/runs/${encodeURIComponent(id)}`, {}, signal),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 500 : false),
  });
}

/** Runs about a subject, newest first; '' asks nothing. */
export function useRunsOf(subject: string) {
  return useQuery({
    queryKey: ['runs', 'list', subject],
    queryFn: ({ signal }) => getJson<{ runs: readonly Run[] }>('/api/runs', { subject }, signal),
    select: (answer) => answer.runs,
    enabled: subject !== '',
    refetchInterval: 5_000,
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => sendJson<Run>('POST', `/api/runs/${encodeURIComponent(id)}/cancel`, {}),
    onSuccess: (run) => queries.setQueryData(['runs', run.id], run),
  });
}
