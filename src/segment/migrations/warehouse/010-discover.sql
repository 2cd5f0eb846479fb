-- What each person did in the window of a run, one row a person: kept for the newest run of a segmentation only.
CREATE TABLE IF NOT EXISTS segmentation_features
(
    segmentation LowCardinality(String),
    run LowCardinality(String),
    person UInt64,
    `values` Array(Nullable(Float64))
)
ENGINE = MergeTree
PARTITION BY segmentation
ORDER BY (segmentation, run, person);

-- The cluster that a run gave each person, by its number in the run; -1 for none.
CREATE TABLE IF NOT EXISTS segmentation_assignments
(
    segmentation LowCardinality(String),
    run LowCardinality(String),
    person UInt64,
    cluster Int32
)
ENGINE = MergeTree
PARTITION BY segmentation
ORDER BY (segmentation, run, person);
