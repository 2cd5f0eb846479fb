import type { PersonalField, PlainField } from '../../kernel/stage.ts';

const field = (
  name: string,
  category: PersonalField['category'],
  retention_days: number | null,
): PersonalField => ({
  field: name,
  category,
  purposes: ['identity'],
  lawful_basis: 'legitimate-interest',
  retention_days,
  sensitive: false,
});

const PAIR_DAYS = 90;
const PROPOSAL_DAYS = 395;
const pairs = (name: string, category: PersonalField['category']) =>
  field(`match_pairs.${name}`, category, PAIR_DAYS);
const proposals = (name: string, category: PersonalField['category']) =>
  field(`match_proposals.${name}`, category, PROPOSAL_DAYS);

/**
 * Work tables of a run (`matching_scratch_…`) hold the records that are compared, and are dropped when it ends; what a crash leaves
 * is dropped by the clean-up.
 */
export const PERSONAL_FIELDS: readonly PersonalField[] = [
  // As long as the list is kept: whoever uploaded it removes it.
  field('match_records.record_id', 'identifier', null),
  field('match_records.fields', 'contact', null),
  pairs('pair', 'identifier'),
  pairs('left_id', 'identifier'),
  pairs('right_id', 'identifier'),
  proposals('pair', 'identifier'),
  proposals('left_id', 'identifier'),
  proposals('left_identifier', 'identifier'),
  proposals('left_values', 'contact'),
  proposals('right_id', 'identifier'),
  proposals('right_identifier', 'identifier'),
  proposals('right_values', 'contact'),
  proposals('decided_by', 'account'),
  proposals('note', 'free-form'),
  field('match_lists.uploaded_by', 'account', null),
  field('match_runs.actor_id', 'account', null),
];

const plain = (table: string, columns: readonly string[]): PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const PLAIN_FIELDS: readonly PlainField[] = [
  ...plain('match_records', ['list', 'version']),
  ...plain('match_pairs', ['run_id', 'weight', 'probability', 'levels', 'frequencies']),
  ...plain('match_proposals', [
    'rules',
    'run_id',
    'state',
    'reason',
    'weight',
    'probability',
    'left_kind',
    'left_list',
  ]),
  ...plain('match_proposals', [
    'right_kind',
    'right_list',
    'levels',
    'frequencies',
    'decided_at',
    'proposed_at',
    'version',
  ]),
  ...plain('match_lists', ['name', 'columns', 'identifier_type', 'uploaded_at']),
  ...plain('match_runs', [
    'id',
    'rules',
    'rules_version',
    'mode',
    'state',
    'background_run',
    'started_at',
    'ended_at',
  ]),
  ...plain('match_runs', ['error', 'body', 'summary', 'model']),
];
