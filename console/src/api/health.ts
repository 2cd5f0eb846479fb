import { useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  readonly log: { readonly start: number; readonly end: number };
  readonly consumers: readonly {
    readonly name: string;
    readonly position: number;
    readonly lag_events: number;
    readonly lag_s: number;
  }[];
  readonly rates: {
    readonly accepted_per_s_1m: number;
    readonly processed_per_s_1m: number;
    readonly refused_per_s_1m: number;
  };
  readonly disk: { readonly free_bytes: number };
  readonly process: { readonly rss_bytes: number; readonly uptime_s: number; readonly version: string };
  /** One point a minute, oldest first; counts of that minute. */
  readonly history: readonly {
    readonly at: string;
    readonly accepted: number;
    readonly processed: number;
    readonly refused?: number;
    readonly lag: number;
  }[];
}

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => getJson<Health>('/api/health', {}, signal),
    refetchInterval: 5_000,
  });
}
