import { useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

export interface PlannedEvent {
  readonly event: string;
  readonly type: string;
  readonly version: string;
  readonly description?: string;
  readonly on_violation?: 'allow' | 'strip' | 'quarantine' | null;
  readonly schema: unknown;
  readonly seen_24h: number;
  readonly violations_24h: number;
  readonly last_seen_at: string | null;
}

export interface TrackingPlan {
  readonly name: string;
  readonly version: number;
  readonly events: readonly PlannedEvent[];
  readonly unplanned: readonly { readonly event: string; readonly type: string; readonly count: number }[];
}

export function useTrackingPlans() {
  return useQuery({
    queryKey: ['tracking-plans'],
    queryFn: ({ signal }) => getJson<{ plans: readonly TrackingPlan[] }>('/api/tracking-plans', {}, signal),
    select: (answer) => answer.plans,
    refetchInterval: 30_000,
  });
}

export interface ViolationGroup {
  readonly source_id: string;
  readonly source_name: string;
  readonly event: string;
  readonly type: string;
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly action: 'allow' | 'strip' | 'quarantine';
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
  readonly sample: {
    readonly position: number;
    readonly message_id: string;
    readonly payload: unknown;
  } | null;
}

export function useViolations(hours: number) {
  return useQuery({
    queryKey: ['violations', hours],
    queryFn: ({ signal }) =>
      getJson<{ groups: readonly ViolationGroup[] }>('/api/violations', { hours }, signal),
    select: (answer) => answer.groups,
    refetchInterval: 15_000,
  });
}

export interface DriftFinding {
  readonly kind: string;
  readonly source_id: string;
  readonly source_name: string;
  readonly event: string;
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly share_before: number | null;
  readonly share_after: number | null;
  /** Where the true share lies, low to high. */
  readonly interval_before?: readonly [number, number];
  readonly interval_after?: readonly [number, number];
  readonly count: number;
  readonly samples: readonly unknown[];
}

interface Span {
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

export interface DriftReport {
  readonly findings: readonly DriftFinding[];
  readonly compared: {
    readonly baseline: Span;
    readonly window: Span;
    /** Events that came too seldom to be judged. */
    readonly events_with_too_few?: number;
  };
}

export function useDrift(source: string | undefined, baseline_days: number, window_hours: number) {
  return useQuery({
    queryKey: ['drift', source, baseline_days, window_hours],
    queryFn: ({ signal }) =>
      getJson<DriftReport>('/api/drift', { source, baseline_days, window_hours }, signal),
  });
}
