-- Long work in the background: what it is doing while it runs, how it ended afterwards.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  progress REAL NOT NULL,
  doing TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  result TEXT NOT NULL DEFAULT 'null',
  error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX runs_kind ON runs (kind, subject, started_at);
