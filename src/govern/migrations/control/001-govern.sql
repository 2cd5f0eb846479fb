-- People who run Plumbline, their sessions and tokens, the audit trail, definitions and releases.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  password_hash TEXT,
  enabled INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  last_sign_in_at TEXT,
  failed_attempts INTEGER NOT NULL DEFAULT 0,
  locked_until TEXT
);
CREATE UNIQUE INDEX users_name ON users (LOWER(name));

CREATE TABLE sign_in_sessions (
  digest TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL
);
CREATE INDEX sign_in_sessions_user ON sign_in_sessions (user_id);

-- At most one row: the link printed on the terminal while nobody has a password.
CREATE TABLE first_run_links (
  digest TEXT PRIMARY KEY,
  created_at TEXT NOT NULL
);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  roles TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  last_used_at TEXT,
  revoked_at TEXT
);

-- Append only; each row carries the digest of the row before it.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  details TEXT NOT NULL,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL
);

-- A version never changes; only its review does. A body of JSON null proposes to remove the definition.
CREATE TABLE definition_versions (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  author_id TEXT NOT NULL,
  author_name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  review TEXT NOT NULL DEFAULT 'none',
  reviewer_id TEXT,
  reviewer_name TEXT,
  reviewed_at TEXT,
  PRIMARY KEY (kind, name, version)
);

CREATE TABLE releases (
  id INTEGER PRIMARY KEY,
  created_at TEXT NOT NULL,
  author_id TEXT NOT NULL,
  author_name TEXT NOT NULL,
  message TEXT NOT NULL,
  changes TEXT NOT NULL,
  rolled_back_from INTEGER,
  rolled_back_to INTEGER
);

-- The whole set of a release, not only what it changed.
CREATE TABLE release_items (
  release_id INTEGER NOT NULL REFERENCES releases (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (release_id, kind, name)
);
CREATE INDEX release_items_definition ON release_items (kind, name);
