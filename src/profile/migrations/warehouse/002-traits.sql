-- What was last said of a node, one row a trait, node and version; a person's trait is the newest over its nodes.
-- Computed traits are not here: they are made of events.
CREATE TABLE IF NOT EXISTS traits
(
    trait LowCardinality(String),
    node UInt64,
    value String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC'),
    source_id LowCardinality(String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (trait, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What was last said of a group or account.
CREATE TABLE IF NOT EXISTS group_traits
(
    group_type LowCardinality(String),
    group_id String,
    trait LowCardinality(String),
    value String CODEC(ZSTD(1)),
    at DateTime64(3, 'UTC'),
    source_id LowCardinality(String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (group_type, group_id, trait)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Nodes that were ever said to be in a group, and since when.
CREATE TABLE IF NOT EXISTS group_members
(
    group_type LowCardinality(String),
    group_id String,
    node UInt64,
    since DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (group_type, group_id, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
