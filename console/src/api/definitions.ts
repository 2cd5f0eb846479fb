import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, getJson, sendJson } from './api.ts';

export interface Definition {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly change: 'create' | 'update' | 'remove' | 'none';
  readonly from_version?: number | null;
  readonly diff?: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

export interface Problem {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
  readonly message: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}

export interface Release {
  readonly id: number;
  readonly created_at: string;
  readonly author: string;
  readonly message: string;
  readonly changes?: readonly Change[];
  readonly rolled_back_from?: number | null;
}

export const definitionPath = (kind: string, name: string) =>
  `/api/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;

/** The newest version of a definition, a draft too; null when it does not exist yet. */
export function useDefinition(kind: string, name: string) {
  return useQuery({
    queryKey: ['definition', kind, name],
    queryFn: ({ signal }) =>
      getJson<Definition>(definitionPath(kind, name), {}, signal).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
    enabled: name !== '',
    refetchOnWindowFocus: false,
    // Forms begin with it: what was there the last time would be taken for what is there now.
    gcTime: 0,
  });
}

export function useReleases() {
  return useQuery({
    queryKey: ['releases'],
    queryFn: ({ signal }) =>
      getJson<{ current: number; releases: readonly Release[] }>('/api/releases', {}, signal),
  });
}

/** What a release would change, and what is wrong with it. Changes nothing. */
export function usePlanChange() {
  return useMutation({
    mutationFn: (definitions: readonly Definition[]) => sendJson<Plan>('POST', '/api/plan', { definitions }),
  });
}

export function useApply() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { readonly definitions: readonly Definition[]; readonly message: string }) =>
      sendJson<{ release: Release }>('POST', '/api/apply', input),
    onSuccess: () => queries.invalidateQueries(),
  });
}

export function useRollback() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => sendJson<{ release: Release }>('POST', `/api/releases/${id}/rollback`, {}),
    onSuccess: () => queries.invalidateQueries(),
  });
}
