-- Runs of segmentations: what was found, and the model that places other people (kept for the newest run only).
CREATE TABLE segmentation_runs (
  id TEXT PRIMARY KEY,
  segmentation TEXT NOT NULL,
  definition_version INTEGER NOT NULL,
  at TEXT NOT NULL,
  result TEXT NOT NULL,
  model TEXT NOT NULL
);
CREATE INDEX segmentation_runs_newest ON segmentation_runs (segmentation, at);

CREATE TABLE segmentation_drift (
  id TEXT PRIMARY KEY,
  segmentation TEXT NOT NULL,
  at TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX segmentation_drift_newest ON segmentation_drift (segmentation, at);

-- Titles that people gave to clusters.
CREATE TABLE segmentation_titles (
  segmentation TEXT NOT NULL,
  cluster TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (segmentation, cluster)
);
