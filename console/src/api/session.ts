import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'token' | 'local' | 'system';
  readonly roles: readonly string[];
}

export interface Session {
  readonly actor: Actor | null;
  /** No password was ever set: the only way in is the one-time link on the terminal. */
  readonly first_run: boolean;
  readonly password_set: boolean;
}

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => getJson<Session>('/api/session', {}, signal),
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
}

/** False for people who may only look: their buttons are off. The server refuses them anyway. */
export function useMayEdit(): boolean {
  const roles = useSession().data?.actor?.roles ?? [];
  return roles.includes('admin') || roles.includes('editor');
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; password: string }) =>
      sendJson<unknown>('POST', '/api/session', input),
    onSuccess: () => queries.resetQueries(),
  });
}

/** Leaves the pages first, so that none of them asks for data in the moment the session ends. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      queries.setQueryData<Session>(['session'], (before) => before && { ...before, actor: null });
      await queries.cancelQueries();
      return sendJson<unknown>('DELETE', '/api/session');
    },
    onSettled: () => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      return queries.invalidateQueries({ queryKey: ['session'] });
    },
  });
}

export function useSetPassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { password: string; current?: string }) =>
      sendJson<unknown>('POST', '/api/session/password', input),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['session'] }),
  });
}
