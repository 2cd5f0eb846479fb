-- Lists that were uploaded for matching; their records are in the warehouse.
CREATE TABLE match_lists (
  name TEXT PRIMARY KEY,
  columns TEXT NOT NULL,
  identifier_type TEXT NOT NULL,
  uploaded_at TEXT NOT NULL,
  uploaded_by TEXT NOT NULL
);

-- Runs of matching rules with their parameters; no data about people.
CREATE TABLE match_runs (
  id TEXT PRIMARY KEY,
  rules TEXT NOT NULL,
  rules_version INTEGER NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  background_run TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  error TEXT NOT NULL,
  body TEXT NOT NULL,
  summary TEXT,
  model TEXT
);
CREATE INDEX match_runs_started ON match_runs (started_at);
