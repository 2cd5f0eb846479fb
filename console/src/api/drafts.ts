import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, getJson, sendJson } from './api.ts';
import type { Definition } from './definitions.ts';

export interface Review {
  readonly state: 'none' | 'requested' | 'approved' | 'rejected';
  readonly by: string | null;
  readonly at: string | null;
}

export interface DefinitionSummary {
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly author: string;
  readonly created_at: string;
  readonly status: 'draft' | 'in_review' | 'released' | 'retired';
  readonly review: Review;
  readonly released_version: number | null;
}

export interface DefinitionVersion {
  readonly version: number;
  readonly author: string;
  readonly created_at: string;
  readonly status: DefinitionSummary['status'];
  readonly review: Review;
  readonly body: unknown;
}

export interface DefinitionDetail extends DefinitionSummary {
  readonly body: unknown;
  readonly versions: readonly DefinitionVersion[];
}

const path = (kind: string, name: string) =>
  `/api/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;

/** Definitions of a kind with the state of their newest version: drafts too. */
export function useDefinitions(kind: string) {
  return useQuery({
    queryKey: ['definitions', kind],
    queryFn: ({ signal }) =>
      getJson<{ definitions: readonly DefinitionSummary[] }>('/api/definitions', { kind }, signal),
    select: (answer) => answer.definitions,
  });
}

/** All versions of a definition; null when it does not exist. */
export function useDefinitionDetail(kind: string, name: string) {
  return useQuery({
    queryKey: ['definitions', kind, name],
    queryFn: ({ signal }) =>
      getJson<DefinitionDetail>(path(kind, name), {}, signal).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }),
    enabled: name !== '',
    refetchOnWindowFocus: false,
  });
}

function useAfterwards() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['definitions'] }),
      queries.invalidateQueries({ queryKey: ['definition'] }),
    ]);
}

/** Saves a draft; production does not change. */
export function useSaveDraft() {
  const onSuccess = useAfterwards();
  return useMutation({
    mutationFn: ({ kind, name, body }: Definition) =>
      sendJson<DefinitionDetail>('PUT', path(kind, name), { body }),
    onSuccess,
  });
}

export function useReview() {
  const onSuccess = useAfterwards();
  return useMutation({
    mutationFn: (input: {
      readonly kind: string;
      readonly name: string;
      readonly version: number;
      readonly decision: 'request' | 'approve' | 'reject';
    }) =>
      sendJson<DefinitionDetail>('POST', `${path(input.kind, input.name)}/review`, {
        decision: input.decision,
        version: input.version,
      }),
    onSuccess,
  });
}
