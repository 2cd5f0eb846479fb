-- What the guard on sensitive inference found in each segment when it was last judged.
CREATE TABLE segment_judgements (
  segment TEXT PRIMARY KEY,
  basis TEXT NOT NULL,
  work TEXT NOT NULL,
  marks TEXT NOT NULL,
  judged_at TEXT NOT NULL,
  report TEXT NOT NULL
);

-- Approvals that a held segment is used, with the findings as they were. Never deleted: a withdrawal is written beside it.
CREATE TABLE segment_use_approvals (
  id TEXT PRIMARY KEY,
  segment TEXT NOT NULL,
  definition_version INTEGER NOT NULL,
  basis TEXT NOT NULL,
  findings TEXT NOT NULL,
  reason TEXT NOT NULL,
  approved_at TEXT NOT NULL,
  approver_id TEXT NOT NULL,
  approver_name TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by_id TEXT,
  withdrawn_by_name TEXT,
  withdrawn_reason TEXT
);
CREATE INDEX segment_use_approvals_newest ON segment_use_approvals (segment, approved_at);
