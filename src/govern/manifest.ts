import type { PersonalField, PlainField } from '../kernel/stage.ts';

/** What govern keeps about people: only those who run Plumbline. */
const account = (
  field: string,
  purposes: readonly string[],
  category: PersonalField['category'] = 'account',
): PersonalField => ({
  field,
  category,
  purposes,
  lawful_basis: 'legitimate-interest',
  retention_days: null,
  sensitive: category === 'credential',
});

const ACCESS = ['access-control'];
const TRAIL = ['accountability'];

export const PERSONAL_FIELDS: readonly PersonalField[] = [
  account('users.id', ACCESS, 'identifier'),
  account('users.name', ACCESS),
  account('users.password_hash', ACCESS, 'credential'),
  account('users.last_sign_in_at', ACCESS, 'behaviour'),
  account('users.failed_attempts', ACCESS, 'behaviour'),
  account('users.locked_until', ACCESS, 'behaviour'),
  account('sign_in_sessions.digest', ACCESS, 'credential'),
  account('sign_in_sessions.user_id', ACCESS, 'identifier'),
  account('sign_in_sessions.created_at', ACCESS, 'behaviour'),
  account('sign_in_sessions.last_seen_at', ACCESS, 'behaviour'),
  account('first_run_links.digest', ACCESS, 'credential'),
  account('api_tokens.digest', ACCESS, 'credential'),
  account('api_tokens.created_by', ACCESS, 'identifier'),
  account('api_tokens.last_used_at', ACCESS, 'behaviour'),
  account('audit.actor_id', TRAIL, 'identifier'),
  account('audit.actor_name', TRAIL),
  account('audit.details', TRAIL, 'free-form'),
  account('definition_versions.author_id', TRAIL, 'identifier'),
  account('definition_versions.author_name', TRAIL),
  account('definition_versions.reviewer_id', TRAIL, 'identifier'),
  account('definition_versions.reviewer_name', TRAIL),
  account('releases.author_id', TRAIL, 'identifier'),
  account('releases.author_name', TRAIL),
  account('releases.message', TRAIL, 'free-form'),
  account('runs.actor_id', TRAIL, 'identifier'),
];

const plain = (table: string, columns: readonly string[]): readonly PlainField[] =>
  columns.map((column) => ({ field: `${table}.${column}` }));

export const PLAIN_FIELDS: readonly PlainField[] = [
  ...plain('users', ['roles', 'enabled', 'created_at']),
  ...plain('first_run_links', ['created_at']),
  ...plain('api_tokens', ['id', 'name', 'roles', 'created_at', 'expires_at', 'revoked_at']),
  ...plain('audit', ['id', 'at', 'actor_kind', 'action', 'object', 'previous', 'digest']),
  ...plain('definition_versions', ['kind', 'name', 'version', 'body', 'created_at', 'review', 'reviewed_at']),
  ...plain('releases', ['id', 'created_at', 'changes', 'rolled_back_from', 'rolled_back_to']),
  ...plain('runs', [
    'id',
    'kind',
    'subject',
    'state',
    'progress',
    'doing',
    'started_at',
    'ended_at',
    'result',
    'error',
  ]),
  ...plain('release_items', ['release_id', 'kind', 'name', 'version']),
];
