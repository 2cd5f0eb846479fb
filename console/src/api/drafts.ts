import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';
import { type Definition, definitionPath } from './definitions.ts';

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

/** Definitions of a kind with the state of their newest version: drafts too. */
export function useDefinitions(kind: string) {
  return useQuery({
    queryKey: ['definitions', kind],
    queryFn: ({ signal }) =>
      getJson<{ definitions: readonly DefinitionSummary[] }>('/api/definitions', { kind }, signal),
    select: (answer) => answer.definitions,
  });
}

/** Whether the newest version is not released: at work, or before a reviewer. */
export function isDraft({ status }: DefinitionSummary): boolean {
  return status === 'draft' || status === 'in_review';
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
      sendJson<DefinitionSummary>('PUT', definitionPath(kind, name), { body }),
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
      sendJson<DefinitionSummary>('POST', `${definitionPath(input.kind, input.name)}/review`, {
        decision: input.decision,
        version: input.version,
      }),
    onSuccess,
  });
}
