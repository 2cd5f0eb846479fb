/** Every column and key of the stage, for the field catalogue. */
import type { PersonalField, PlainField } from '../kernel/stage.ts';

const behaviour = {
  category: 'behaviour',
  purposes: ['personalisation', 'measurement'],
  lawful_basis: 'consent',
  retention_days: 400,
  sensitive: false,
} as const;
const identifier = { ...behaviour, category: 'identifier' } as const;

const of = (table: string, kind: Omit<PersonalField, 'field'>, ...columns: string[]): PersonalField[] =>
  columns.map((column) => ({ field: `${table}.${column}`, ...kind }));
const plain = (table: string, ...columns: string[]): PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const personalFields: readonly PersonalField[] = [
  ...of('segment_members', identifier, 'person'),
  ...of('segment_members', behaviour, 'segment', 'since', 'member'),
  ...of('segment_changes', identifier, 'person'),
  ...of('segment_changes', behaviour, 'segment', 'what', 'at'),
  // Emptied when the next scan begins.
  ...of('segment_scan', { ...identifier, retention_days: 7 }, 'person'),
  ...of('segment_scan', { ...behaviour, retention_days: 7 }, 'hits', 'timed'),
  ...of('segment_scan_skipped', { ...identifier, retention_days: 7 }, 'person'),
  ...of('segment_scan_changes', { ...identifier, retention_days: 7 }, 'person'),
  ...of('segment_scan_people', { ...identifier, retention_days: 7 }, 'person'),
  { field: 'online:history', ...behaviour },
  { field: 'online:member', ...behaviour },
  { field: 'online:segment-timer', ...identifier },
  // Until it is told, some seconds.
  { field: 'online:segment-outbox', ...behaviour, retention_days: 1 },
  { field: 'online:segment-resplit', ...identifier, retention_days: 1 },
  { field: 'online:segment-parted-scan', ...identifier, retention_days: 1 },
  { field: 'online:segment-parted-run', ...identifier, retention_days: 1 },
];

export const plainFields: readonly PlainField[] = [
  ...plain('segment_members', 'version'),
  ...plain('segment_changes', 'change_id', 'segment_version', 'cause'),
  ...plain(
    'segment_refreshes',
    'at',
    'segments',
    'cause',
    'people',
    'entered',
    'exited',
    'seconds',
    'rows_read',
    'bytes_read',
  ),
  ...plain('segment_scan_changes', 'nth', 'is_in', 'before'),
  { field: 'online:segment' },
];
