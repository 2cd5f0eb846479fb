import { z } from 'zod';
import { defineOperation, type Operation, type OperationContext } from '../../kernel/operation.ts';
import {
  type FieldPair,
  fieldPairOut,
  listOut,
  type MatchList,
  type MatchRun,
  type ModelShown,
  modelOut,
  type PairShown,
  PROPOSAL_STATES,
  type Proposal,
  type ProposalState,
  pairOut,
  proposalOut,
  runOut,
  type ThresholdPoint,
  type Truth,
  thresholdPointOut,
  truthOut,
  type Upload,
  uploadOut,
  type Waterfall,
  waterfallOut,
} from './shapes.ts';

type Actor = OperationContext['actor'];

export interface MatchingServices {
  readonly lists: {
    all(): Promise<MatchList[]>;
    upload(input: UploadInput, actor: Actor): Promise<Upload>;
    remove(name: string): Promise<void>;
  };
  readonly runs: {
    rules(): {
      name: string;
      version: number;
      mode: 'dedupe' | 'link';
      description: string;
      auto: boolean;
      left: string;
      right: string;
    }[];
    start(rules: string, actor: Actor): Promise<MatchRun>;
    list(rules: string | undefined, limit: number): Promise<MatchRun[]>;
    show(id: string): Promise<{ run: MatchRun; model: ModelShown | null }>;
    pairs(
      id: string,
      at: { min_probability: number; max_probability: number; limit: number; offset: number },
    ): Promise<{ pairs: PairShown[]; total: number }>;
    pair(id: string, pair_id: string): Promise<{ pair: PairShown; waterfall: Waterfall }>;
    threshold(id: string, precision: number): Promise<ThresholdPoint | null>;
    score(
      id: string,
      truth: { pairs?: string | undefined; clusters?: string | undefined; probability?: number | undefined },
    ): Promise<Truth>;
  };
  readonly proposals: {
    list(filter: {
      state?: ProposalState | undefined;
      rules?: string | undefined;
      limit: number;
      offset: number;
    }): Promise<{ proposals: Proposal[]; total: number; by_state: Record<ProposalState, number> }>;
    show(id: string): Promise<{ proposal: Proposal; fields: FieldPair[]; waterfall: Waterfall }>;
    decide(
      id: string,
      decision: 'accept' | 'reject' | 'unsure' | 'undo',
      note: string,
      actor: Actor,
    ): Promise<Proposal>;
  };
}

const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores');
const hex16 = z.string().regex(/^[0-9a-f]{16}$/, '16 hex digits');
const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
};
const upload = z.object({
  name,
  format: z.enum(['csv', 'ndjson']).default('csv'),
  /** The file as text; a larger one in parts, all but the first with `append`. */
  text: z.string().min(1).max(8_000_000),
  /** Column with the id of each record in its own system. */
  id_column: z.string().min(1).max(200),
  /** From the file's column to the name it is stored under; a column left out keeps its name in lower case. */
  columns: z.record(z.string(), name.or(z.literal(''))).default({}),
  identifier_type: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .default('crm_id'),
  append: z.boolean().default(false),
  /** Reads and answers, and stores nothing. */
  dry_run: z.boolean().default(false),
});
export type UploadInput = z.infer<typeof upload>;

const read = { action: 'read', object: 'matching' } as const;
const write = { action: 'write', object: 'matching' } as const;

export const matchingOperations = (services: MatchingServices): Operation[] => [
  ...listOperations(services),
  ...runOperations(services),
  ...proposalOperations(services),
];

const listOperations = ({ lists }: MatchingServices): Operation[] => [
  defineOperation({
    name: 'matching.lists',
    summary: 'Uploaded lists of records to be matched',
    method: 'GET',
    path: '/api/matching/lists',
    access: read,
    input: z.object({}),
    output: z.object({ lists: z.array(listOut) }),
    handle: async () => ({ lists: await lists.all() }),
  }),
  defineOperation({
    name: 'matching.upload-list',
    summary: 'Upload a list as CSV or NDJSON; with dry_run, only say what would be stored',
    method: 'POST',
    path: '/api/matching/lists/{name}',
    access: write,
    audit: ['name', 'identifier_type', 'append', 'dry_run'],
    input: upload,
    output: uploadOut,
    handle: (input, { actor }) => lists.upload(input, actor),
  }),
  defineOperation({
    name: 'matching.remove-list',
    summary: 'Delete a list and its records; links that were made stay',
    method: 'DELETE',
    path: '/api/matching/lists/{name}',
    access: write,
    audit: ['name'],
    input: z.object({ name }),
    output: z.object({}),
    handle: async ({ name: list }) => {
      await lists.remove(list);
      return {};
    },
  }),
];

const runOperations = ({ runs }: MatchingServices): Operation[] => [
  defineOperation({
    name: 'matching.rules',
    summary: 'Released matching rules',
    method: 'GET',
    path: '/api/matching/rules',
    access: read,
    input: z.object({}),
    output: z.object({
      rules: z.array(
        z.object({
          name: z.string(),
          version: z.number(),
          mode: z.enum(['dedupe', 'link']),
          description: z.string(),
          auto: z.boolean(),
          left: z.string(),
          right: z.string(),
        }),
      ),
    }),
    handle: async () => ({ rules: runs.rules() }),
  }),
  defineOperation({
    name: 'matching.run',
    summary: 'Match records by released rules, in the background',
    method: 'POST',
    path: '/api/matching/runs',
    access: write,
    audit: ['rules'],
    input: z.object({ rules: z.string().min(1).max(100) }),
    output: z.object({ run: runOut }),
    handle: async ({ rules }, { actor }) => ({ run: await runs.start(rules, actor) }),
  }),
  defineOperation({
    name: 'matching.runs',
    summary: 'Runs, newest first',
    method: 'GET',
    path: '/api/matching/runs',
    access: read,
    input: z.object({ rules: z.string().max(100).optional(), limit: page.limit }),
    output: z.object({ runs: z.array(runOut) }),
    handle: async ({ rules, limit }) => ({ runs: await runs.list(rules, limit) }),
  }),
  defineOperation({
    name: 'matching.show-run',
    summary: 'A run with its parameters, blocking, and expected precision by threshold',
    method: 'GET',
    path: '/api/matching/runs/{id}',
    access: read,
    input: z.object({ id: z.string() }),
    output: z.object({ run: runOut, model: modelOut.nullable() }),
    handle: ({ id }) => runs.show(id),
  }),
  defineOperation({
    name: 'matching.pairs',
    summary: 'Scored pairs of a run, greatest weight first',
    method: 'GET',
    path: '/api/matching/runs/{id}/pairs',
    access: read,
    input: z.object({
      id: z.string(),
      min_probability: z.coerce.number().min(0).max(1).default(0),
      max_probability: z.coerce.number().min(0).max(1).default(1),
      ...page,
    }),
    output: z.object({ pairs: z.array(pairOut), total: z.number() }),
    handle: ({ id, ...at }) => runs.pairs(id, at),
  }),
  defineOperation({
    name: 'matching.pair',
    summary: 'How the weight of one pair came about',
    method: 'GET',
    path: '/api/matching/runs/{id}/pairs/{pair_id}',
    access: read,
    input: z.object({ id: z.string(), pair_id: hex16 }),
    output: z.object({ pair: pairOut, waterfall: waterfallOut }),
    handle: ({ id, pair_id }) => runs.pair(id, pair_id),
  }),
  defineOperation({
    name: 'matching.threshold',
    summary: 'The lowest threshold with a wanted precision; null when there is none',
    method: 'GET',
    path: '/api/matching/runs/{id}/threshold',
    access: read,
    input: z.object({ id: z.string(), precision: z.coerce.number().gt(0).lt(1) }),
    output: z.object({ threshold: thresholdPointOut.nullable() }),
    handle: async ({ id, precision }) => ({ threshold: await runs.threshold(id, precision) }),
  }),
  defineOperation({
    name: 'matching.score-truth',
    summary:
      'Precision, recall and F1 of a run against known pairs (left,right) or clusters (record,cluster)',
    method: 'POST',
    path: '/api/matching/runs/{id}/truth',
    access: write,
    audit: ['id'],
    input: z.object({
      id: z.string(),
      pairs: z.string().max(8_000_000).optional(),
      clusters: z.string().max(8_000_000).optional(),
      /** Threshold at which misses are listed; the run's own when left out. */
      probability: z.number().min(0).max(1).optional(),
    }),
    output: truthOut,
    handle: ({ id, ...truth }) => runs.score(id, truth),
  }),
];

const proposalOperations = ({ proposals }: MatchingServices): Operation[] => [
  defineOperation({
    name: 'matching.proposals',
    summary: 'Pairs proposed as one person, greatest weight first',
    method: 'GET',
    path: '/api/matching/proposals',
    access: read,
    input: z.object({
      state: z.enum(PROPOSAL_STATES).optional(),
      rules: z.string().max(100).optional(),
      ...page,
    }),
    output: z.object({
      proposals: z.array(proposalOut),
      total: z.number(),
      by_state: z.object({
        open: z.number(),
        unsure: z.number(),
        rejected: z.number(),
        accepted: z.number(),
        linked: z.number(),
        stale: z.number(),
      }),
    }),
    handle: (filter) => proposals.list(filter),
  }),
  defineOperation({
    name: 'matching.proposal',
    summary: 'One proposal: both records side by side, and how its weight came about',
    method: 'GET',
    path: '/api/matching/proposals/{id}',
    access: read,
    input: z.object({ id: hex16 }),
    output: z.object({ proposal: proposalOut, fields: z.array(fieldPairOut), waterfall: waterfallOut }),
    handle: ({ id }) => proposals.show(id),
  }),
  defineOperation({
    name: 'matching.decide',
    summary: 'Accept (and link), reject, leave unsure, or undo a decision that has not linked',
    method: 'POST',
    path: '/api/matching/proposals/{id}/decision',
    access: write,
    audit: ['id', 'decision'],
    input: z.object({
      id: hex16,
      decision: z.enum(['accept', 'reject', 'unsure', 'undo']),
      note: z.string().max(500).default(''),
    }),
    output: z.object({ proposal: proposalOut }),
    handle: async ({ id, decision, note }, { actor }) => ({
      proposal: await proposals.decide(id, decision, note, actor),
    }),
  }),
];
