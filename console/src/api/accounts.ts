import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export const ROLES = ['admin', 'editor', 'viewer'] as const;

export interface User {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly enabled: boolean;
  readonly password_set?: boolean;
  readonly created_at: string;
  readonly last_sign_in_at?: string | null;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at?: string | null;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly actor_name: string;
  readonly action: string;
  readonly object: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export function useUsers() {
  return useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => getJson<{ users: readonly User[] }>('/api/users', {}, signal),
    select: (answer) => answer.users,
  });
}

export function useCreateUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; roles: readonly string[]; password: string }) =>
      sendJson<unknown>('POST', '/api/users', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useChangeUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string; roles?: readonly string[]; enabled?: boolean }) =>
      sendJson<unknown>('PATCH', `/api/users/${encodeURIComponent(id)}`, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => getJson<{ tokens: readonly Token[] }>('/api/tokens', {}, signal),
    select: (answer) => answer.tokens,
  });
}

/** The secret is in the answer, this once. */
export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; roles: readonly string[]; expires_in_days?: number }) =>
      sendJson<{ token: Token; secret: string }>('POST', '/api/tokens', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => sendJson<unknown>('DELETE', `/api/tokens/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
}

const AUDIT_PAGE = 50;

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ['audit'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      getJson<{ entries: readonly AuditEntry[] }>(
        '/api/audit',
        { limit: AUDIT_PAGE, before: pageParam },
        signal,
      ),
    getNextPageParam: (page) => (page.entries.length < AUDIT_PAGE ? undefined : page.entries.at(-1)?.id),
  });
}
