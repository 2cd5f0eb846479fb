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

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => sendJson<unknown>('DELETE', '/api/session'),
    onSuccess: () => queries.resetQueries(),
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
