import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export const SOURCE_TYPES = ['browser', 'server', 'mobile', 'webhook', 'import'] as const;

export interface WriteKey {
  readonly id: string;
  readonly write_key: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

export interface SourceSettings {
  readonly sampling_rate: number;
  readonly events_per_s_max: number | null;
  readonly unknown_events: 'allow' | 'quarantine';
  readonly on_violation: 'allow' | 'strip' | 'quarantine' | null;
  readonly ip: 'truncate' | 'keep' | 'drop';
  readonly tracking_plan: string | null;
}

export interface Source {
  readonly id: string;
  readonly name: string;
  readonly type: (typeof SOURCE_TYPES)[number];
  readonly enabled: boolean;
  readonly created_at: string;
  readonly settings: SourceSettings;
  readonly keys: readonly WriteKey[];
  readonly events_24h?: number;
  readonly last_event_at?: string | null;
}

export function useSources() {
  return useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => getJson<{ sources: readonly Source[] }>('/api/sources', {}, signal),
    select: (answer) => answer.sources,
    refetchInterval: 10_000,
  });
}

/** Id to name; unknown ids stand for themselves. */
export function useSourceName(): (id: string) => string {
  const sources = useSources().data ?? [];
  const names = new Map(sources.map((source) => [source.id, source.name]));
  return (id) => names.get(id) ?? (id === 'plumbline' ? 'Plumbline' : id);
}

/** The key to show in snippets: neither revoked nor running out. */
export function currentKey(source: Source): string {
  const live = source.keys.filter((key) => key.revoked_at === null);
  return (live.find((key) => key.expires_at === null) ?? live[0])?.write_key ?? 'WRITE_KEY';
}

export type SourceChange =
  | { readonly kind: 'create'; readonly name: string; readonly type: string }
  | {
      readonly kind: 'patch';
      readonly id: string;
      readonly body: { name?: string; enabled?: boolean; settings?: Partial<SourceSettings> };
    }
  | { readonly kind: 'rotate'; readonly id: string; readonly overlap_hours: number }
  | { readonly kind: 'revoke'; readonly id: string; readonly key_id: string };

/** Every change to a source; the list is read again afterwards. */
export function useChangeSource() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SourceChange) => sendChange(change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sources'] }),
  });
}

function sendChange(change: SourceChange): Promise<unknown> {
  switch (change.kind) {
    case 'create':
      return sendJson('POST', '/api/sources', { name: change.name, type: change.type });
    case 'patch':
      return sendJson('PATCH', `/api/sources/${encodeURIComponent(change.id)}`, change.body);
    case 'rotate':
      return sendJson('POST', `/api/sources/${encodeURIComponent(change.id)}/keys`, {
        overlap_hours: change.overlap_hours,
      });
    case 'revoke':
      return sendJson(
        'DELETE',
        `/api/sources/${encodeURIComponent(change.id)}/keys/${encodeURIComponent(change.key_id)}`,
      );
  }
}
