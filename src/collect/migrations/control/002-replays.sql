-- Work on the quarantine: who replayed or discarded what, with which rules, and how far it got.
CREATE TABLE IF NOT EXISTS quarantine_runs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  group_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  event TEXT NOT NULL,
  reason TEXT NOT NULL,
  rules TEXT NOT NULL,
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  replayed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  actor_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT
);
