import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';
import type { SensitivityReport } from './segment-validation.ts';

export type UseState = 'pending' | 'free' | 'approved' | 'held';

export interface SegmentUse {
  readonly segment: string;
  readonly state: UseState;
  readonly reasons: readonly string[];
}

export const isGivenOut = ({ state }: Pick<SegmentUse, 'state'>): boolean =>
  state === 'free' || state === 'approved';

export type UseFinding = SensitivityReport['findings'][number] & { readonly covered: boolean };

export interface SegmentUseDetail extends SegmentUse {
  readonly findings: readonly UseFinding[];
  readonly checked: readonly string[];
  readonly unchecked: readonly { readonly trait: string; readonly reason: string }[];
  readonly judged_at: string | null;
  readonly may_approve: boolean;
  readonly why_not: string | null;
  readonly who_can_approve: string;
  readonly approvals: readonly {
    readonly id: string;
    readonly definition_version: number;
    readonly fields: readonly string[];
    readonly reason: string;
    readonly approved_at: string;
    readonly approver_name: string;
    readonly covers: boolean;
  }[];
}

const path = (segment: string) => `/api/segments/${encodeURIComponent(segment)}/use`;

/** Of all segments, discovered ones too. */
export function useSegmentUses() {
  return useQuery({
    queryKey: ['segment-use'],
    queryFn: ({ signal }) => getJson<{ uses: readonly SegmentUse[] }>('/api/segment-uses', {}, signal),
    select: (answer) => answer.uses,
    refetchInterval: 10_000,
  });
}

export function useSegmentUse(segment: string) {
  return useQuery({
    queryKey: ['segment-use', segment],
    queryFn: ({ signal }) => getJson<SegmentUseDetail>(path(segment), {}, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? 1_500 : 10_000),
  });
}

export function useApproveUse(segment: string) {
  return useDecision<{ reason: string; judged_at: string }>(segment, 'approval');
}

export function useWithdrawUse(segment: string) {
  return useDecision<{ reason: string }>(segment, 'withdrawal');
}

function useDecision<Input>(segment: string, what: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => sendJson<SegmentUseDetail>('POST', `${path(segment)}/${what}`, input),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['segment-use'] }),
        queries.invalidateQueries({ queryKey: ['segments'] }),
      ]),
  });
}
