-- Uploaded lists of records; the newest version of a record counts. A partition is a list, so that replacing one rewrites no other.
CREATE TABLE IF NOT EXISTS match_records
(
    list String,
    record_id String,
    fields Map(String, String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY list
ORDER BY (list, record_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Scored pairs of the last runs; a partition is a run.
CREATE TABLE IF NOT EXISTS match_pairs
(
    run_id String,
    pair UInt64,
    left_id String,
    right_id String,
    weight Float64,
    probability Float64,
    levels Array(UInt8),
    frequencies Array(Float32)
)
ENGINE = MergeTree
PARTITION BY run_id
ORDER BY pair
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Pairs proposed as one person with the evidence of their run; the newest version of a pair counts.
CREATE TABLE IF NOT EXISTS match_proposals
(
    pair UInt64,
    rules LowCardinality(String),
    run_id String,
    state LowCardinality(String),
    reason LowCardinality(String),
    weight Float64,
    probability Float64,
    left_kind LowCardinality(String),
    left_list LowCardinality(String),
    left_id String,
    left_identifier String,
    left_values Map(String, String),
    right_kind LowCardinality(String),
    right_list LowCardinality(String),
    right_id String,
    right_identifier String,
    right_values Map(String, String),
    levels Array(UInt8),
    frequencies Array(Float32),
    decided_by String,
    decided_at Nullable(DateTime64(3, 'UTC')),
    note String,
    proposed_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY pair
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
