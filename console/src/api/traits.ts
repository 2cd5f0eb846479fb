import { useQuery } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export interface TraitName {
  readonly name: string;
  /** JSON types of its values. */
  readonly types: readonly string[];
  /** Null: made of events when asked, and counted nowhere. */
  readonly people: number | null;
  readonly origin: 'said' | 'kept' | 'group' | 'computed';
  readonly label: string;
  readonly unit: string;
  readonly sensitive: boolean;
  readonly fresh_for_days: number | null;
}

export interface ComputedTrait {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly calc: string;
  readonly body: unknown;
  readonly state: 'ready' | 'computing' | 'failed';
  /** Share of the history that is counted, 0 to 1. */
  readonly progress: number;
  readonly last_run_at: string | null;
  readonly problem: string;
}

export interface TraitPreview {
  readonly people: number;
  /** The most frequent values. */
  readonly values: readonly { readonly value: unknown; readonly people: number }[];
  readonly took_ms: number;
}

export function useTraits() {
  return useQuery({
    queryKey: ['traits'],
    queryFn: ({ signal }) => getJson<{ traits: readonly TraitName[] }>('/api/traits', {}, signal),
    select: (answer) => answer.traits,
    staleTime: 10_000,
  });
}

export function useComputedTraits() {
  return useQuery({
    queryKey: ['computed-traits'],
    queryFn: ({ signal }) =>
      getJson<{ computed_traits: readonly ComputedTrait[] }>('/api/computed-traits', {}, signal),
    select: (answer) => answer.computed_traits,
    refetchInterval: (query) =>
      query.state.data?.computed_traits.some((trait) => trait.state === 'computing') === true
        ? 1_500
        : 15_000,
  });
}

/** What a computed trait would say; undefined asks nothing. */
export function useTraitPreview(body: unknown) {
  return useQuery({
    queryKey: ['trait-preview', body],
    queryFn: () => sendJson<TraitPreview>('POST', '/api/computed-traits/preview', { body }),
    enabled: body !== undefined,
    placeholderData: (before) => before,
    staleTime: 30_000,
    retry: false,
  });
}
