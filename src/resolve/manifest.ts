/** Every column and key of resolve, for the field catalogue. */
import type { PersonalField, PlainField } from '../kernel/stage.ts';

const identifier = {
  category: 'identifier',
  purposes: ['analytics', 'personalisation', 'measurement'],
  lawful_basis: 'consent',
  retention_days: 400,
  sensitive: false,
} as const;
const contact = { ...identifier, category: 'contact' } as const;
const behaviour = { ...identifier, category: 'behaviour' } as const;

const of = (table: string, kind: Omit<PersonalField, 'field'>, ...columns: string[]): PersonalField[] =>
  columns.map((column) => ({ field: `${table}.${column}`, ...kind }));

export const personalFields: readonly PersonalField[] = [
  // Mail addresses and phone numbers among them.
  ...of('identities', contact, 'identifier'),
  ...of('identities', identifier, 'node', 'person', 'shared_person'),
  ...of('identities', behaviour, 'first_seen', 'shared_from'),
  ...of('identity_changes', contact, 'identifiers'),
  ...of('identity_changes', identifier, 'from_person', 'to_person', 'nodes', 'kept', 'message_id'),
  ...of('identity_changes', behaviour, 'at'),
  ...of('identity_changes', { ...identifier, category: 'account' }, 'actor_id'),
  // What somebody wrote about a link or an unmerge; of matching, the run's id.
  ...of('identity_changes', { ...identifier, category: 'free-form' }, 'detail'),
  { field: 'online:identity', ...contact },
  { field: 'online:identity-unit', ...contact },
  { field: 'online:identity-learned', ...contact },
  { field: 'online:identity-journal', ...identifier, retention_days: 1 },
];

export const plainFields: readonly PlainField[] = [
  { field: 'identities.type' },
  { field: 'identities.version' },
  ...['change_id', 'what', 'cause', 'rule', 'source_id'].map((column) => ({
    field: `identity_changes.${column}`,
  })),
  // Counts by rule and type, never a value.
  { field: 'online:identity-state' },
];
