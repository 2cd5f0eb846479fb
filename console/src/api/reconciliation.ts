import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

/** received = stored + deduplicated + filtered + quarantined + pending; `difference` is what is left over. */
export interface Counts {
  readonly received: number;
  readonly stored: number;
  readonly deduplicated: number;
  readonly filtered: number;
  readonly quarantined: number;
  readonly pending: number;
  readonly difference: number;
}

export interface ReconciliationRow extends Counts {
  readonly source_id: string;
  readonly source_name: string;
  readonly hour: string;
}

export interface Reconciliation {
  readonly as_of_position: number;
  readonly rows: readonly ReconciliationRow[];
  readonly totals: Counts;
}

/** `from` and `to` are ISO dates, or undefined for the server's own range. */
export function useReconciliation(
  range: { readonly from?: string; readonly to?: string },
  source: string | undefined,
  live: boolean,
) {
  return useQuery({
    queryKey: ['reconciliation', range, source],
    queryFn: ({ signal }) => getJson<Reconciliation>('/api/reconciliation', { ...range, source }, signal),
    refetchInterval: live ? 5_000 : false,
    placeholderData: keepPreviousData,
  });
}
