/** What the operations of matching answer with; the services return the same, so that each shape is written once. */
import { z } from 'zod';

export const shareOut = z.object({ share: z.number(), low: z.number(), high: z.number() });

/** One step of a waterfall: bits of evidence, base 2 logarithms of how much likelier the pair became. */
export const stepOut = z.object({
  comparison: z.string(),
  /** 0: a value is missing, no evidence; 1, 2, …: the levels in order; the last: none of them held. */
  level: z.number(),
  label: z.string(),
  bits: z.number(),
  /** Added or taken for how rare the value is; 0 without term frequencies. */
  rarity_bits: z.number(),
});
export const waterfallOut = z.object({
  /** Before anything was compared; far below zero, since two records drawn at random are rarely the same. */
  prior_bits: z.number(),
  steps: z.array(stepOut),
  weight: z.number(),
  probability: z.number(),
});

export const levelOut = z.object({
  label: z.string(),
  /** Chance of this level among matches, and among pairs drawn at random. */
  m: z.number(),
  u: z.number(),
  bits: z.number(),
  /** Compared pairs at this level. */
  pairs: z.number(),
});
export const comparisonOut = z.object({
  name: z.string(),
  field: z.string(),
  term_frequency: z.boolean(),
  levels: z.array(levelOut),
  /** Compared pairs with a value missing. */
  missing: z.number(),
  /** Names of the blocking rules that m was estimated under; empty: it could not be estimated, and a default stands. */
  estimated_under: z.array(z.string()),
  /** How far the estimates under different rules lie apart, at most, over the levels. */
  m_spread: z.number(),
});

export const thresholdPointOut = z.object({
  probability: z.number(),
  weight: z.number(),
  pairs: z.number(),
  /** Expected share of true matches among the pairs from here on, with its 95 % interval. */
  precision: shareOut,
  /** Expected share of all matches among compared pairs that lie from here on. */
  recall: z.number(),
  recall_low: z.number(),
  recall_high: z.number(),
  /** Decisions of people among them. */
  labelled: z.number(),
});

export const blockingOut = z.object({
  rule: z.string(),
  /** Pairs that this rule is the first to find. */
  pairs: z.number(),
  skipped_blocks: z.number(),
  skipped_pairs: z.number(),
});

export const runOut = z.object({
  id: z.string(),
  rules: z.string(),
  rules_version: z.number(),
  mode: z.enum(['dedupe', 'link']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Of the background run, under /api/runs. */
  background_run: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  actor_id: z.string(),
  error: z.string(),
  /** What came out; null until it is done. */
  summary: z
    .object({
      left_records: z.number(),
      right_records: z.number(),
      compared_pairs: z.number(),
      /** Sum of probabilities of the compared pairs, with its 95 % interval. */
      expected_matches: z.number(),
      expected_matches_low: z.number(),
      expected_matches_high: z.number(),
      accept_probability: z.number(),
      review_probability: z.number(),
      above_accept: z.number(),
      in_review: z.number(),
      /** Joined by the rules themselves, and those that the identity rules would not join. */
      linked: z.number(),
      link_refused: z.number(),
      /** Taken back because a better pair, a rival or a bridge stood against it. */
      set_aside: z.object({ assignment: z.number(), rival: z.number(), bridge: z.number() }),
      /** Left out because the online person has not agreed to be joined with an offline record. */
      withheld_by_consent: z.number(),
      clusters: z.number(),
      largest_cluster: z.number(),
      seconds: z.number(),
    })
    .nullable(),
});
export const modelOut = z.object({
  prior_probability: z.number(),
  comparisons: z.array(comparisonOut),
  blocking: z.array(blockingOut),
  curve: z.array(thresholdPointOut),
  /** What to know before the numbers are believed: blocks left out, parameters not estimated, and the like. */
  warnings: z.array(z.string()),
});

export const PROPOSAL_STATES = ['open', 'unsure', 'rejected', 'accepted', 'linked', 'stale'] as const;

export const proposalOut = z.object({
  /** 16 hex digits; the same pair under the same rules keeps its id from run to run, as long as its people keep theirs. */
  id: z.string(),
  rules: z.string(),
  run_id: z.string(),
  /**
   * `open` waits for a decision; `accepted` was agreed to, and the identity rules would not join it (`note` says why);
   * `stale`: the newest run no longer proposes it.
   */
  state: z.enum(PROPOSAL_STATES),
  /** Only of `linked`: the two were joined and are two people again; it can be decided anew. */
  taken_apart: z.boolean(),
  /** Why it was not linked by itself: below the threshold, a rival, a bridge, the rules do not link. */
  reason: z.enum(['below_accept', 'rival', 'bridge', 'assignment', 'not_auto', 'none']),
  weight: z.number(),
  probability: z.number(),
  left: z.object({ kind: z.enum(['person', 'list']), list: z.string(), record_id: z.string() }),
  right: z.object({ kind: z.enum(['person', 'list']), list: z.string(), record_id: z.string() }),
  /** A few words to tell the two apart in a list of proposals: the cleaned values of the first fields. */
  left_title: z.string(),
  right_title: z.string(),
  decided_by: z.string(),
  decided_at: z.string().nullable(),
  note: z.string(),
  proposed_at: z.string(),
});

export const fieldPairOut = z.object({
  field: z.string(),
  left: z.string(),
  right: z.string(),
  equal: z.boolean(),
});

export const pairOut = z.object({
  id: z.string(),
  weight: z.number(),
  probability: z.number(),
  left_id: z.string(),
  right_id: z.string(),
});

export const listOut = z.object({
  name: z.string(),
  records: z.number(),
  columns: z.array(z.string()),
  /** A record of this list is linked to a person as an identifier of this type. */
  identifier_type: z.string(),
  uploaded_at: z.string(),
  uploaded_by: z.string(),
});

export const uploadOut = z.object({
  list: listOut.nullable(),
  /** Columns found in the text, and what they were stored as. */
  columns: z.array(z.object({ column: z.string(), stored_as: z.string() })),
  accepted: z.number(),
  rejected: z.number(),
  /** The first 1,000. */
  rejects: z.array(
    z.object({
      line: z.number(),
      reason: z.enum([
        'no_id',
        'repeated_id',
        'too_few_columns',
        'too_many_columns',
        'not_an_object',
        'not_json',
        'value_too_long',
        'all_empty',
      ]),
      detail: z.string(),
    }),
  ),
  sample: z.array(z.object({ record_id: z.string(), fields: z.record(z.string(), z.string()) })),
});

export const truthOut = z.object({
  truth_pairs: z.number(),
  /** True pairs that blocking never compared, or that lie below what the run keeps: no threshold finds these. */
  never_compared: z.number(),
  points: z.array(
    z.object({
      probability: z.number(),
      true_positives: z.number(),
      false_positives: z.number(),
      false_negatives: z.number(),
      precision: shareOut,
      recall: shareOut,
      f1: z.number(),
    }),
  ),
  best: z.object({ probability: z.number(), f1: z.number() }).nullable(),
  /** At `probability`: what was missed and what was wrongly found, those of greatest weight first; at most 200 each. */
  at_probability: z.number(),
  missed: z.array(
    z.object({ left_id: z.string(), right_id: z.string(), probability: z.number().nullable() }),
  ),
  wrong: z.array(z.object({ left_id: z.string(), right_id: z.string(), probability: z.number() })),
});

export type Waterfall = z.infer<typeof waterfallOut>;
export type ComparisonShown = z.infer<typeof comparisonOut>;
export type ThresholdPoint = z.infer<typeof thresholdPointOut>;
export type MatchRun = z.infer<typeof runOut>;
export type RunSummary = NonNullable<MatchRun['summary']>;
export type ModelShown = z.infer<typeof modelOut>;
export type Proposal = z.infer<typeof proposalOut>;
export type ProposalState = Proposal['state'];
export type FieldPair = z.infer<typeof fieldPairOut>;
export type MatchList = z.infer<typeof listOut>;
export type Upload = z.infer<typeof uploadOut>;
export type Truth = z.infer<typeof truthOut>;
export type PairShown = z.infer<typeof pairOut>;
