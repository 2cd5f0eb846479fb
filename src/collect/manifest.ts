/** Every column and key of collect, for the field catalogue. */
import type { PersonalField, PlainField } from '../kernel/stage.ts';

const behaviour = {
  category: 'behaviour',
  purposes: ['analytics'],
  lawful_basis: 'consent',
  retention_days: 400,
  sensitive: false,
} as const;
const identifier = { ...behaviour, category: 'identifier' } as const;
const network = {
  ...behaviour,
  category: 'network',
  purposes: ['security', 'analytics'],
  lawful_basis: 'legitimate-interest',
} as const;
/** Whatever the sender put in: may hold anything, so it is treated as sensitive. */
const freeForm = { ...behaviour, category: 'free-form', sensitive: true } as const;

const of = (table: string, kind: Omit<PersonalField, 'field'>, ...columns: string[]): PersonalField[] =>
  columns.map((column) => ({ field: `${table}.${column}`, ...kind }));
const plain = (table: string, ...columns: string[]): PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const PERSONAL_FIELDS: readonly PersonalField[] = [
  ...of('events', identifier, 'message_id', 'user_id', 'anonymous_id', 'previous_id', 'group_id', 'node'),
  ...of('events', behaviour, 'event', 'timestamp', 'original_timestamp', 'sent_at', 'received_at'),
  ...of('events', freeForm, 'properties', 'traits', 'context', 'integrations'),
  ...of('events', network, 'ip', 'user_agent'),
  ...of('discarded_events', { ...identifier, retention_days: 90 }, 'message_id'),
  ...of('discarded_events', { ...behaviour, retention_days: 90 }, 'event', 'received_at', 'of_received_at'),
  ...of('quarantined_events', { ...identifier, retention_days: 90 }, 'message_id', 'user_id', 'anonymous_id'),
  ...of('quarantined_events', { ...behaviour, retention_days: 90 }, 'event', 'received_at', 'sent_at'),
  ...of('quarantined_events', { ...freeForm, retention_days: 90 }, 'payload', 'detail'),
  ...of('quarantined_events', { ...network, retention_days: 90 }, 'ip', 'user_agent'),
  ...of('quarantine_resolutions', { ...identifier, retention_days: 400 }, 'message_id'),
  ...of('quarantine_resolutions', behaviour, 'received_at'),
  {
    field: 'online:seen',
    ...identifier,
    purposes: ['deduplication'],
    lawful_basis: 'legitimate-interest',
    retention_days: 8,
  },
  {
    field: 'log:record',
    ...freeForm,
    purposes: ['delivery'],
    lawful_basis: 'legitimate-interest',
    retention_days: 1,
  },
];

export const PLAIN_FIELDS: readonly PlainField[] = [
  ...plain(
    'events',
    'position',
    'source_id',
    'type',
    'library',
    'bot',
    'bot_reason',
    'bot_source',
    'plan',
    'violations',
    'origin',
  ),
  ...plain('discarded_events', 'position', 'source_id', 'type', 'fate', 'reason', 'detail', 'of_position'),
  ...plain(
    'quarantined_events',
    'position',
    'source_id',
    'type',
    'reason',
    'path',
    'plan',
    'violations',
    'library',
  ),
  ...plain('quarantine_resolutions', 'position', 'origin', 'source_id', 'resolution', 'resolved_at'),
  ...plain('sources', 'id', 'name', 'name_key', 'type', 'enabled', 'created_at', 'settings'),
  ...plain('write_keys', 'id', 'source_id', 'write_key', 'created_at', 'expires_at', 'revoked_at'),
  ...plain(
    'quarantine_runs',
    'id',
    'kind',
    'group_id',
    'source_id',
    'event',
    'reason',
    'rules',
    'status',
    'total',
    'done',
    'replayed',
    'failed',
    'actor_id',
    'started_at',
    'finished_at',
  ),
  { field: 'online:received' },
  { field: 'online:quarantine' },
  { field: 'online:import' },
  { field: 'online:pipeline' },
];
