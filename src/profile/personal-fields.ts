import type { PersonalField, PlainField } from '../kernel/stage.ts';

const PURPOSES = ['analytics', 'personalisation', 'measurement'];
const RETENTION_DAYS = 395;

const field = (name: string, category: PersonalField['category'], retention_days: number): PersonalField => ({
  field: name,
  category,
  purposes: PURPOSES,
  lawful_basis: 'consent',
  retention_days,
  sensitive: false,
});

const column = (name: string, category: PersonalField['category']): PersonalField =>
  field(`sessions.${name}`, category, RETENTION_DAYS);

/** As long as the person is known. */
const known = (name: string, category: PersonalField['category'], sensitive = false): PersonalField => ({
  ...field(name, category, RETENTION_DAYS),
  retention_days: null,
  sensitive,
});

export const personalFields: readonly PersonalField[] = [
  column('session_id', 'identifier'),
  column('person_id', 'identifier'),
  column('started_at', 'behaviour'),
  column('ended_at', 'behaviour'),
  column('events', 'behaviour'),
  column('pages', 'behaviour'),
  column('campaign', 'behaviour'),
  column('entry_path', 'behaviour'),
  column('exit_path', 'behaviour'),
  column('referrer', 'behaviour'),
  column('bot', 'behaviour'),
  column('runaway', 'behaviour'),
  column('reopened', 'behaviour'),
  // Days after the person's last session; those who wait for repair a moment longer.
  field('online:session', 'behaviour', 8),
  field('online:session-dirty', 'identifier', 8),
  known('traits.node', 'identifier'),
  // Whatever a source says of a person.
  known('traits.value', 'free-form', true),
  known('traits.at', 'behaviour'),
  known('group_traits.group_id', 'identifier'),
  known('group_traits.value', 'free-form'),
  known('group_members.group_id', 'identifier'),
  known('group_members.node', 'identifier'),
  known('group_members.since', 'behaviour'),
  known('online:node', 'free-form', true),
  known('online:group', 'free-form'),
  { ...field('imports.created_by', 'account', RETENTION_DAYS), lawful_basis: 'legitimate-interest' },
];

const plain = (table: string, ...columns: readonly string[]): PlainField[] =>
  columns.map((name) => ({ field: `${table}.${name}` }));

export const plainFields: readonly PlainField[] = [
  ...plain('sessions', 'removed', 'version'),
  ...plain('traits', 'trait', 'source_id', 'version'),
  ...plain('group_traits', 'group_type', 'trait', 'at', 'source_id', 'version'),
  ...plain('group_members', 'group_type', 'version'),
  ...plain('imports', 'id', 'name', 'plan', 'file', 'state', 'rows', 'accepted', 'rejected', 'progress'),
  ...plain('imports', 'created_at', 'ended_at', 'error', 'problems_kept', 'problems_left_out'),
  ...plain('import_rejects', 'import_id', 'row_number', 'column_name', 'rule', 'message', 'value_type'),
  { field: 'online:profile' },
  { field: 'online:sql-trait' },
];
