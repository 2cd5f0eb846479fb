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

/** Dropped when the run ends, and what a crash left when the program starts again: hours. */
const SCRATCH_DAYS = 1;
/**
 * Work tables of a run, `matching_scratch_<run>_<what>`, without the run in their names here. Their columns follow the rules:
 * `f_` is a cleaned value of each field, `d_` and `x_` its day and number, `k` the key of a blocking rule, `g` the level and `t`
 * the frequency of a comparison.
 */
const scratch = (
  tables: readonly string[],
  category: PersonalField['category'],
  columns: readonly string[],
) =>
  tables.flatMap((name) =>
    columns.map((column) => field(`matching_scratch_${name}.${column}`, category, SCRATCH_DAYS)),
  );

export const PERSONAL_FIELDS: readonly PersonalField[] = [
  // As long as the list is kept: whoever uploaded it removes it.
  field('match_records.record_id', 'identifier', null),
  field('match_records.fields', 'contact', null),
  ...scratch(['raw', 'records'], 'identifier', ['record_id', 'identifier', 'person', 'k*']),
  ...scratch(['raw', 'records'], 'contact', ['f_*', 'd_*', 'x_*']),
  ...scratch(['raw', 'records'], 'behaviour', ['consent']),
  ...scratch(['dropped'], 'contact', ['identifier']),
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
  // Numbers of records that mean nothing without the table of records.
  ...plain('matching_scratch_raw', ['n', 'side']),
  ...plain('matching_scratch_records', ['n', 'side', 't*']),
  ...plain('matching_scratch_pairs', ['l', 'r', 'mask', 'g*', 't*']),
  ...plain('matching_scratch_decided', ['l', 'r', 'reason', 'group']),
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
