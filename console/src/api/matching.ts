import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson, sendJson } from './api.ts';

/** A share between its 95 % bounds. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export const PROPOSAL_STATES = ['open', 'unsure', 'rejected', 'accepted', 'linked', 'stale'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];
export type Decision = 'accept' | 'reject' | 'unsure' | 'undo';

export interface RecordRef {
  readonly kind: 'person' | 'list';
  readonly list: string;
  readonly record_id: string;
}

export interface Proposal {
  readonly id: string;
  readonly rules: string;
  readonly run_id: string;
  readonly state: ProposalState;
  /** Only of `linked`: the two were joined and are two people again. */
  readonly taken_apart: boolean;
  readonly reason: 'below_accept' | 'rival' | 'bridge' | 'assignment' | 'not_auto' | 'none';
  readonly weight: number;
  readonly probability: number;
  readonly left: RecordRef;
  readonly right: RecordRef;
  readonly left_title: string;
  readonly right_title: string;
  readonly decided_by: string;
  readonly decided_at: string | null;
  readonly note: string;
  readonly proposed_at: string;
}

export interface ProposalPage {
  readonly proposals: readonly Proposal[];
  readonly total: number;
  readonly by_state: Readonly<Record<ProposalState, number>>;
}

/** Bits of evidence of one comparison; level 0: a value is missing. */
export interface WaterfallStep {
  readonly comparison: string;
  readonly level: number;
  readonly label: string;
  readonly bits: number;
  readonly rarity_bits: number;
}

export interface Waterfall {
  readonly prior_bits: number;
  readonly steps: readonly WaterfallStep[];
  readonly weight: number;
  readonly probability: number;
}

export interface FieldPair {
  readonly field: string;
  readonly left: string;
  readonly right: string;
  readonly equal: boolean;
}

export interface RunSummary {
  readonly left_records: number;
  readonly right_records: number;
  readonly compared_pairs: number;
  /** Sum of the chances of the compared pairs, with its 95 % interval. */
  readonly expected_matches: number;
  readonly expected_matches_low: number;
  readonly expected_matches_high: number;
  readonly accept_probability: number;
  readonly review_probability: number;
  readonly above_accept: number;
  readonly in_review: number;
  readonly linked: number;
  readonly link_refused: number;
  readonly set_aside: { readonly assignment: number; readonly rival: number; readonly bridge: number };
  readonly withheld_by_consent: number;
  readonly clusters: number;
  readonly largest_cluster: number;
  readonly seconds: number;
}

export interface MatchRun {
  readonly id: string;
  readonly rules: string;
  readonly rules_version: number;
  readonly mode: 'dedupe' | 'link';
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Followed under /api/runs. */
  readonly background_run: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly error: string;
  readonly summary: RunSummary | null;
}

export interface Comparison {
  readonly name: string;
  readonly field: string;
  readonly term_frequency: boolean;
  readonly levels: readonly {
    readonly label: string;
    readonly m: number;
    readonly u: number;
    readonly bits: number;
    readonly pairs: number;
  }[];
  readonly missing: number;
  readonly estimated_under: readonly string[];
  readonly m_spread: number;
}

export interface ThresholdPoint {
  readonly probability: number;
  readonly weight: number;
  readonly pairs: number;
  readonly precision: Share;
  readonly recall: number;
  readonly recall_low: number;
  readonly recall_high: number;
  readonly labelled: number;
}

export interface Model {
  readonly prior_probability: number;
  readonly comparisons: readonly Comparison[];
  readonly blocking: readonly {
    readonly rule: string;
    readonly pairs: number;
    readonly skipped_blocks: number;
    readonly skipped_pairs: number;
  }[];
  readonly curve: readonly ThresholdPoint[];
  readonly warnings: readonly string[];
}

export interface ScoredPair {
  readonly id: string;
  readonly weight: number;
  readonly probability: number;
  readonly left_id: string;
  readonly right_id: string;
}

export interface MatchList {
  readonly name: string;
  readonly records: number;
  readonly columns: readonly string[];
  readonly identifier_type: string;
  readonly uploaded_at: string;
  readonly uploaded_by: string;
}

export interface UploadInput {
  readonly name: string;
  readonly format: 'csv' | 'ndjson';
  readonly text: string;
  readonly id_column: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly identifier_type: string;
  readonly append?: boolean;
  readonly dry_run?: boolean;
}

export interface Upload {
  readonly list: MatchList | null;
  readonly columns: readonly { readonly column: string; readonly stored_as: string }[];
  readonly accepted: number;
  readonly rejected: number;
  readonly rejects: readonly { readonly line: number; readonly reason: string; readonly detail: string }[];
  readonly sample: readonly {
    readonly record_id: string;
    readonly fields: Readonly<Record<string, string>>;
  }[];
}

export interface MatchingRules {
  readonly name: string;
  readonly version: number;
  readonly mode: 'dedupe' | 'link';
  readonly description: string;
  readonly auto: boolean;
  readonly left: string;
  readonly right: string;
}

export interface TruthScore {
  readonly truth_pairs: number;
  readonly never_compared: number;
  readonly points: readonly {
    readonly probability: number;
    readonly true_positives: number;
    readonly false_positives: number;
    readonly false_negatives: number;
    readonly precision: Share;
    readonly recall: Share;
    readonly f1: number;
  }[];
  readonly best: { readonly probability: number; readonly f1: number } | null;
  readonly at_probability: number;
  readonly missed: readonly {
    readonly left_id: string;
    readonly right_id: string;
    readonly probability: number | null;
  }[];
  readonly wrong: readonly {
    readonly left_id: string;
    readonly right_id: string;
    readonly probability: number;
  }[];
}

const at = (id: string) => encodeURIComponent(id);

export function useProposals(filter: { readonly state: ProposalState; readonly rules: string | undefined }) {
  return useQuery({
    queryKey: ['matching', 'proposals', filter],
    queryFn: ({ signal }) =>
      getJson<ProposalPage>('/api/matching/proposals', { ...filter, limit: 200 }, signal),
    placeholderData: keepPreviousData,
  });
}

export function useProposal(id: string) {
  return useQuery({
    queryKey: ['matching', 'proposal', id],
    queryFn: ({ signal }) =>
      getJson<{
        proposal: Proposal;
        fields: readonly FieldPair[];
        waterfall: Waterfall;
      }>(`/api/matching/proposals/${at(id)}`, {}, signal),
    enabled: id !== '',
  });
}

export function useDecide() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: { id: string; decision: Decision; note?: string }) =>
      sendJson<{ proposal: Proposal }>('POST', `/api/matching/proposals/${at(id)}/decision`, input),
    onSuccess: (_, { id }) => {
      void queries.invalidateQueries({ queryKey: ['matching', 'proposal', id] });
      return queries.invalidateQueries({ queryKey: ['matching', 'proposals'] });
    },
  });
}

export function useMatchingRules() {
  return useQuery({
    queryKey: ['matching', 'rules'],
    queryFn: ({ signal }) => getJson<{ rules: readonly MatchingRules[] }>('/api/matching/rules', {}, signal),
    select: (answer) => answer.rules,
  });
}

export function useMatchRuns() {
  return useQuery({
    queryKey: ['matching', 'runs'],
    queryFn: ({ signal }) => getJson<{ runs: readonly MatchRun[] }>('/api/matching/runs', {}, signal),
    select: (answer) => answer.runs,
    refetchInterval: 10_000,
  });
}

export function useMatchRun(id: string) {
  return useQuery({
    queryKey: ['matching', 'run', id],
    queryFn: ({ signal }) =>
      getJson<{ run: MatchRun; model: Model | null }>(`/api/matching/runs/${at(id)}`, {}, signal),
  });
}

export function useStartMatching() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (rules: string) => sendJson<{ run: MatchRun }>('POST', '/api/matching/runs', { rules }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['matching', 'runs'] }),
  });
}

export interface PairRange {
  readonly min_probability: number;
  readonly max_probability: number;
  readonly offset: number;
  readonly limit: number;
}

export function usePairs(id: string, range: PairRange) {
  return useQuery({
    queryKey: ['matching', 'pairs', id, range],
    queryFn: ({ signal }) =>
      getJson<{ pairs: readonly ScoredPair[]; total: number }>(
        `/api/matching/runs/${at(id)}/pairs`,
        { ...range },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export function usePair(id: string, pair_id: string) {
  return useQuery({
    queryKey: ['matching', 'pair', id, pair_id],
    queryFn: ({ signal }) =>
      getJson<{ pair: ScoredPair; waterfall: Waterfall }>(
        `/api/matching/runs/${at(id)}/pairs/${at(pair_id)}`,
        {},
        signal,
      ),
    enabled: pair_id !== '',
  });
}

/** The lowest threshold with the wanted share of true matches; null when none has it. */
export function useThreshold(id: string, precision: number) {
  return useQuery({
    queryKey: ['matching', 'threshold', id, precision],
    queryFn: ({ signal }) =>
      getJson<{ threshold: ThresholdPoint | null }>(
        `/api/matching/runs/${at(id)}/threshold`,
        { precision },
        signal,
      ),
    select: (answer) => answer.threshold,
    enabled: precision > 0 && precision < 1,
    placeholderData: keepPreviousData,
  });
}

export function useScoreTruth(id: string) {
  return useMutation({
    mutationFn: (input: { pairs?: string; clusters?: string; probability?: number }) =>
      sendJson<TruthScore>('POST', `/api/matching/runs/${at(id)}/truth`, input),
  });
}

export function useMatchLists() {
  return useQuery({
    queryKey: ['matching', 'lists'],
    queryFn: ({ signal }) => getJson<{ lists: readonly MatchList[] }>('/api/matching/lists', {}, signal),
    select: (answer) => answer.lists,
  });
}

/** With `dry_run` nothing is stored: the answer says what would be. */
export function useUploadList() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...input }: UploadInput) =>
      sendJson<Upload>('POST', `/api/matching/lists/${at(name)}`, input),
    onSuccess: (_, input) =>
      input.dry_run === true ? undefined : queries.invalidateQueries({ queryKey: ['matching', 'lists'] }),
  });
}

export function useRemoveList() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => sendJson<unknown>('DELETE', `/api/matching/lists/${at(name)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['matching', 'lists'] }),
  });
}
