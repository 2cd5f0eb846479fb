import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export interface Identifier {
  readonly type: string;
  readonly value: string;
}

export interface GraphNode extends Identifier {
  /** 16 hex digits. */
  readonly node: string;
  readonly leading: boolean;
  /** Null when only an alias or a decision names it. */
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly events: number;
  /** From then on anonymous events on this device are of somebody else. */
  readonly shared_from: string | null;
  /** Stands for the later anonymous visitors of a shared device. */
  readonly twin: boolean;
  /** Seen with too many others to join anybody. */
  readonly learned: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly first_seen: string;
  readonly cause: 'event' | 'alias' | 'link' | 'match' | 'import';
  readonly source_id: string;
  readonly message_id: string;
  readonly observations: number;
  readonly events: number | null;
}

export interface GraphDrop extends Identifier {
  readonly node: string;
  /** Who it belongs to, and whom it did not join. */
  readonly person: string;
  readonly other_person: string;
  readonly rule: string;
  readonly at: string;
  readonly source_id: string;
  readonly message_id: string;
}

export interface IdentityChange {
  readonly change_id: string;
  readonly at: string;
  readonly what: 'merge' | 'split' | 'drop' | 'share' | 'block';
  readonly cause: 'event' | 'alias' | 'link' | 'match' | 'import' | 'unmerge' | 'rules';
  readonly rule: string;
  readonly identifiers: readonly string[];
  readonly from_person: string;
  readonly to_person: string;
  readonly source_id: string;
  readonly message_id: string;
  readonly actor_id: string;
  readonly detail: string;
}

export interface IdentityGraph {
  readonly person: string;
  readonly leading: Identifier;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly drops: readonly GraphDrop[];
  readonly changes: readonly IdentityChange[];
  readonly masked: boolean;
}

export function useIdentityGraph(person: string) {
  return useQuery({
    queryKey: ['identity', person],
    queryFn: ({ signal }) => getJson<IdentityGraph>(`/api/identity/person/${person}`, {}, signal),
  });
}

export interface ChangeFilter {
  readonly what?: string;
  readonly cause?: string;
}

export function useIdentityChanges(filter: ChangeFilter) {
  return useInfiniteQuery({
    queryKey: ['identity-changes', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      getJson<{ changes: readonly IdentityChange[]; next: string | null }>(
        '/api/identity/changes',
        { ...filter, after: pageParam },
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export type Unmerge = { readonly identifier: Identifier } | { readonly change_id: string };

/** Everything about people is read again: traits, segments and events follow who belongs together. */
function usePeopleChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ['identity', 'identity-changes', 'profile', 'timeline', 'people', 'person-sessions'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

export function useUnmerge() {
  const onSuccess = usePeopleChanged();
  return useMutation({
    mutationFn: (input: Unmerge) =>
      sendJson<{ moved: readonly { readonly node: string; readonly from: string; readonly to: string }[] }>(
        'POST',
        '/api/identity/unmerge',
        input,
      ),
    onSuccess,
  });
}

export interface LinkAnswer {
  readonly person: string;
  readonly joined: boolean;
  readonly dropped: readonly Identifier[];
  readonly reason: {
    readonly identifier: Identifier;
    readonly rule: string;
    readonly unmerge: { readonly at: string; readonly detail: string } | null;
  } | null;
}

export function useLink() {
  const onSuccess = usePeopleChanged();
  return useMutation({
    mutationFn: (identifiers: readonly Identifier[]) =>
      sendJson<LinkAnswer>('POST', '/api/identity/link', { identifiers }),
    onSuccess,
  });
}

export function useIdentityRules() {
  return useQuery({
    queryKey: ['identity-rules'],
    queryFn: ({ signal }) =>
      getJson<{ rules: unknown; version: number | null; applied: boolean }>(
        '/api/identity/rules',
        {},
        signal,
      ),
    refetchInterval: (query) => (query.state.data?.applied === false ? 2_000 : false),
  });
}

/** Types of the identity rules that run, the leading one first; empty until they are known. */
export function useIdentifierTypes(): readonly string[] {
  const body = useIdentityRules().data?.rules as
    | { readonly identifiers: readonly { readonly type: string }[] }
    | undefined;
  return body?.identifiers.map(({ type }) => type) ?? [];
}

export interface Blocked {
  readonly configured: readonly { readonly type: string; readonly rule: string; readonly events: number }[];
  readonly learned: readonly { readonly node: string; readonly type: string; readonly value: string }[];
  readonly masked: boolean;
}

export function useBlocked() {
  return useQuery({
    queryKey: ['identity-blocked'],
    queryFn: ({ signal }) => getJson<Blocked>('/api/identity/blocked', {}, signal),
  });
}

/** What other rules would change; the result of the run that the preview starts. */
export interface RulesPreview {
  readonly people_before: number;
  readonly people_after: number;
  readonly split: number;
  readonly joined: number;
  readonly identifiers_moved: number;
  readonly examples: readonly {
    readonly what: 'split' | 'join';
    readonly persons: readonly string[];
    readonly becomes: readonly (readonly string[])[];
  }[];
  /** Types whose change only new events will show. */
  readonly read_differently: readonly string[];
}

export function usePreviewRules() {
  return useMutation({
    mutationFn: (rules: unknown) => sendJson<{ run_id: string }>('POST', '/api/identity/preview', { rules }),
  });
}
