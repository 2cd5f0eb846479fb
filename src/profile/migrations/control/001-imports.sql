-- Imports of people, transactions and match tables, and how far each one is: `rows` are done, whatever became of them.
CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  file TEXT NOT NULL,
  state TEXT NOT NULL,
  rows INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  progress REAL NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  ended_at TEXT,
  error TEXT NOT NULL
);

-- Why a row was refused. Never what stood in it.
CREATE TABLE import_rejects (
  import_id TEXT NOT NULL,
  row_number INTEGER NOT NULL,
  column_name TEXT NOT NULL,
  rule TEXT NOT NULL,
  message TEXT NOT NULL,
  value_type TEXT NOT NULL,
  PRIMARY KEY (import_id, row_number, column_name, rule)
);
