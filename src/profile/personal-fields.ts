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
];

export const plainFields: readonly PlainField[] = [
  { field: 'sessions.removed' },
  { field: 'sessions.version' },
];
