-- Which person a node belongs to now: the newest version counts. Small beside events, and the only thing that changes
-- when people are joined or taken apart. `shared_person` is set when several people use the device: from `shared_from`
-- on its anonymous events belong to that person instead.
CREATE TABLE IF NOT EXISTS identities
(
    node UInt64,
    identifier String,
    type LowCardinality(String),
    person UInt64,
    first_seen DateTime64(3, 'UTC'),
    shared_from DateTime64(3, 'UTC'),
    shared_person UInt64,
    version UInt64,
    INDEX by_person person TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY node
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Every merge, split, drop and decision, with its cause. `nodes` went from `from_person` to `to_person`; `kept` is who
-- they met there, so that a merge can be taken back.
CREATE TABLE IF NOT EXISTS identity_changes
(
    change_id UInt64,
    at DateTime64(3, 'UTC'),
    what LowCardinality(String),
    cause LowCardinality(String),
    rule LowCardinality(String),
    identifiers Array(String),
    from_person UInt64,
    to_person UInt64,
    nodes Array(UInt64),
    kept Array(UInt64),
    source_id LowCardinality(String),
    message_id String,
    actor_id LowCardinality(String),
    detail String,
    INDEX by_from from_person TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_to to_person TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (toStartOfHour(at), change_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
