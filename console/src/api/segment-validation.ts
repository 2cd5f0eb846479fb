import { useMutation, useQuery } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

/** An estimate between its 95 % bounds; null when there is nothing to estimate it from. */
export interface Interval {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
}

export interface FailedPredicate {
  /** Place in the rule: `all[1]`. */
  readonly path: string;
  readonly predicate: string;
}

export interface OnePerson {
  /** 16 hex digits. */
  readonly person: string;
  readonly identifier: string | null;
  readonly why: readonly FailedPredicate[];
}

export interface ListComparison {
  readonly segment: string;
  readonly lines: {
    readonly given: number;
    readonly known: number;
    readonly unknown: number;
    readonly rejected: readonly { readonly line: number; readonly reason: string }[];
    readonly rejected_count: number;
    readonly duplicates: number;
  };
  readonly people_listed: number;
  readonly people_in_segment: number;
  readonly people_in_both: number;
  readonly precision: Interval;
  readonly recall: Interval;
  readonly recall_with_unknown: Interval;
  readonly missing: {
    readonly people: number;
    readonly why: readonly (FailedPredicate & { readonly people: number })[] | null;
    readonly explained: number;
    /** Of those explained: the rule takes them by now. */
    readonly holds_now: number;
    readonly sample: readonly OnePerson[];
  };
  readonly extra: { readonly people: number; readonly sample: readonly OnePerson[] };
}

export interface OverlapMatrix {
  readonly segments: readonly { readonly segment: string; readonly people: number }[];
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    /** Null here and below: fewer than ten, and the role sees no people. */
    readonly both: number | null;
    readonly jaccard: number | null;
    readonly share_of_a: number | null;
    readonly share_of_b: number | null;
    readonly words: string;
  }[];
}

export interface Side {
  readonly people: number | null;
  readonly converted: number | null;
  readonly rate: Interval;
}

export interface Lift {
  readonly segment: string;
  readonly event: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly inside: Side;
  readonly outside: Side;
  readonly difference: Interval;
  readonly ratio: Interval;
  readonly left_out: number | null;
  readonly distinct: 'higher' | 'lower' | 'no difference shown' | 'no data yet' | 'withheld';
  readonly words: string;
}

export interface MessageTest {
  readonly variants: readonly { readonly variant: string; readonly inside: Side; readonly outside: Side }[];
  readonly best_inside: string | null;
  readonly best_outside: string | null;
  readonly pure: boolean | null;
  readonly parts: readonly {
    readonly part: string;
    readonly people: number | null;
    readonly best: string | null;
    readonly lead: Interval;
  }[];
  readonly heterogeneity_p: number | null;
  readonly warnings: readonly string[];
  readonly words: string;
}

export interface Retention {
  readonly cohorts: readonly {
    /** Monday of the week of entry. */
    readonly week: string;
    /** When the segment was worked out, whenever they began to fit. */
    readonly put_in: boolean;
    readonly people: number;
    readonly weeks: readonly {
      readonly week: number;
      readonly active: number | null;
      readonly rate: Interval;
    }[];
  }[];
  readonly total: readonly {
    readonly week: number;
    readonly people: number;
    readonly active: number | null;
    readonly rate: Interval;
  }[];
  /** Of fewer than ten people, where the role sees none. */
  readonly cohorts_left_out: number;
}

export interface ExclusionCheck {
  readonly window: { readonly from: string; readonly to: string; readonly days: number };
  readonly people: number;
  readonly buyers: number | null;
  readonly revenue: number | null;
  readonly revenue_share: number | null;
  readonly expected: Interval;
  /** Buyers who are known for less than the window: they count with what they brought so far. */
  readonly short_history: number | null;
  readonly inactive: number | null;
  readonly briefly_inactive: number | null;
  readonly briefly_inactive_revenue: number | null;
  readonly verdict: 'drops value' | 'drops little' | 'too few to say' | 'nothing known';
  readonly words: string;
}

const path = (segment: string, check: string) =>
  `/api/segments/${encodeURIComponent(segment)}/validation/${check}`;

/** Lines are `type:value`; nothing of them is kept. */
export function useCompareList(segment: string) {
  return useMutation({
    mutationFn: (lines: string) => sendJson<ListComparison>('POST', path(segment, 'list'), { lines }),
  });
}

export function useOverlap(segments: readonly string[]) {
  return useQuery({
    queryKey: ['segment-overlap', segments],
    queryFn: () => sendJson<OverlapMatrix>('POST', '/api/segment-overlap', { segments }),
    enabled: segments.length > 1,
    staleTime: 60_000,
  });
}

export function useLift(segment: string, event: string, days: number) {
  return useQuery({
    queryKey: ['segment-validation', segment, 'lift', event, days],
    queryFn: ({ signal }) => getJson<Lift>(path(segment, 'lift'), { event, days }, signal),
    enabled: event !== '',
    staleTime: 60_000,
  });
}

export interface MessageTestInput {
  readonly exposure: string;
  readonly variant: string;
  readonly conversion: string;
  readonly days: number;
  readonly split_by?: string;
}

export function useMessageTest(segment: string) {
  return useMutation({
    mutationFn: (input: MessageTestInput) =>
      sendJson<MessageTest>('POST', path(segment, 'message-test'), input),
  });
}

/** Without an event any activity counts. */
export function useRetention(segment: string, event: string, weeks: number) {
  return useQuery({
    queryKey: ['segment-validation', segment, 'retention', event, weeks],
    queryFn: ({ signal }) => getJson<Retention>(path(segment, 'retention'), { event, weeks }, signal),
    staleTime: 60_000,
  });
}

export interface ExclusionInput {
  readonly days: number;
  readonly inactive_days: number;
  readonly order_event: string;
  readonly revenue: string;
}

export function useExclusionCheck(segment: string) {
  return useMutation({
    mutationFn: (input: ExclusionInput) =>
      sendJson<ExclusionCheck>('POST', path(segment, 'exclusion'), input),
  });
}

export interface SensitivityReport {
  readonly needs_approval: boolean;
  readonly findings: readonly {
    readonly kind: 'uses' | 'predicts';
    readonly field: string;
    readonly about: string;
    readonly measure: 'auc' | 'cramers_v' | null;
    readonly strength: Interval | null;
    readonly reason: string;
  }[];
  readonly checked: { readonly fields: number; readonly traits: readonly string[] };
  readonly unchecked: readonly { readonly trait: string; readonly reason: string }[];
}

export function useSensitivity(segment: string) {
  return useQuery({
    queryKey: ['segment-validation', segment, 'sensitivity'],
    queryFn: ({ signal }) => getJson<SensitivityReport>(path(segment, 'sensitivity'), {}, signal),
    staleTime: 60_000,
  });
}
