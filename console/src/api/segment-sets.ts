import { useMutation, useQuery } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

export type Policy = 'priority' | 'largest_value' | 'most_recent' | 'none_when_conflict';

export interface SegmentSetSummary {
  readonly name: string;
  readonly description: string;
  readonly policy: Policy;
  readonly members: readonly string[];
  readonly version: number;
}

export interface SetMember {
  readonly segment: string;
  /** The member that it is a part of. */
  readonly within: string | null;
  readonly value: number | null;
  /** Null here and below: fewer than ten, and the role sees no people. */
  readonly before: number | null;
  readonly after: number | null;
  readonly lost_to: readonly { readonly segment: string; readonly people: number | null }[];
}

export interface SegmentSet extends SegmentSetSummary {
  readonly people: number | null;
  /** In combinations of members too rare to count. */
  readonly not_counted: { readonly combinations: number; readonly people: number | null };
  readonly conflicts: number | null;
  readonly none: number | null;
  readonly members_now: readonly SetMember[];
  readonly overlaps: readonly { readonly segments: readonly string[]; readonly people: number }[];
  /** Combinations of fewer than ten people, where the role sees none. */
  readonly overlaps_left_out: number;
  /** Fallbacks are counted over people seen in so many days. */
  readonly seen_days: number;
  readonly cold_start: readonly {
    readonly segment: string;
    readonly people: number | null;
    readonly share: number | null;
  }[];
  readonly uncaught: number | null;
}

export interface SetDecision {
  readonly set: string;
  readonly person: string | null;
  readonly segment: string | null;
  readonly path: readonly string[];
  readonly by: string;
  readonly why: string;
  readonly memberships: readonly { readonly segment: string; readonly since: string }[];
}

export interface DecideInput {
  readonly person?: string;
  readonly identifier?: { readonly type: string; readonly value: string };
  readonly facts?: { readonly country?: string; readonly referrer?: string; readonly device?: string };
}

export function useSegmentSets() {
  return useQuery({
    queryKey: ['segment-sets'],
    queryFn: ({ signal }) => getJson<{ sets: readonly SegmentSetSummary[] }>('/api/segment-sets', {}, signal),
    select: (answer) => answer.sets,
  });
}

export function useSegmentSet(name: string) {
  return useQuery({
    queryKey: ['segment-sets', name],
    queryFn: ({ signal }) => getJson<SegmentSet>(`/api/segment-sets/${encodeURIComponent(name)}`, {}, signal),
  });
}

/** Which segment of the set one person is in, and why. */
export function useDecideSet(name: string) {
  return useMutation({
    mutationFn: (input: DecideInput) =>
      sendJson<SetDecision>('POST', `/api/segment-sets/${encodeURIComponent(name)}/decide`, input),
  });
}
