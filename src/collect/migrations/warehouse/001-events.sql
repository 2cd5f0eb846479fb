-- Stored events. Insert order is arrival order, so the partition and the sort key follow received_at: one insert
-- falls into one partition (and is atomic), and reconciliation by source and hour reads only its range.
CREATE TABLE IF NOT EXISTS events
(
    position UInt64,
    source_id LowCardinality(String),
    message_id String,
    type LowCardinality(String),
    event LowCardinality(String),
    user_id String,
    anonymous_id String,
    previous_id String,
    group_id String,
    timestamp DateTime64(3, 'UTC'),
    original_timestamp String,
    sent_at String,
    received_at DateTime64(3, 'UTC'),
    properties String CODEC(ZSTD(1)),
    traits String CODEC(ZSTD(1)),
    context String CODEC(ZSTD(1)),
    integrations String CODEC(ZSTD(1)),
    ip String,
    user_agent LowCardinality(String),
    library LowCardinality(String),
    bot UInt8,
    bot_reason LowCardinality(String),
    bot_source LowCardinality(String),
    plan LowCardinality(String),
    violations String CODEC(ZSTD(1)),
    origin UInt64,
    INDEX by_message message_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_user user_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_anonymous anonymous_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_position position TYPE minmax GRANULARITY 1,
    INDEX by_timestamp timestamp TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (toStartOfHour(received_at), source_id, position)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Received and deliberately not stored: deduplicated and filtered. No payload: what was filtered is not kept.
CREATE TABLE IF NOT EXISTS discarded_events
(
    position UInt64,
    source_id LowCardinality(String),
    message_id String,
    type LowCardinality(String),
    event LowCardinality(String),
    received_at DateTime64(3, 'UTC'),
    fate LowCardinality(String),
    reason LowCardinality(String),
    detail String,
    of_position UInt64,
    of_received_at String,
    INDEX by_message message_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_position position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (toStartOfHour(received_at), source_id, position)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- Set aside with payload and reason. Rows never change; whether one is still open is said by the next table.
CREATE TABLE IF NOT EXISTS quarantined_events
(
    position UInt64,
    source_id LowCardinality(String),
    message_id String,
    type LowCardinality(String),
    event LowCardinality(String),
    user_id String,
    anonymous_id String,
    received_at DateTime64(3, 'UTC'),
    sent_at String,
    reason LowCardinality(String),
    detail String,
    path LowCardinality(String),
    plan LowCardinality(String),
    violations String CODEC(ZSTD(1)),
    payload String CODEC(ZSTD(1)),
    ip String,
    user_agent LowCardinality(String),
    library LowCardinality(String),
    INDEX by_message message_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX by_position position TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (toStartOfHour(received_at), source_id, position)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;

-- One row ends the quarantine of one event: replayed (then it is in events, with origin) or discarded.
-- received_at is the quarantined event's, so that both sides of the reconciliation fall into the same hour.
CREATE TABLE IF NOT EXISTS quarantine_resolutions
(
    position UInt64,
    origin UInt64,
    source_id LowCardinality(String),
    message_id String,
    received_at DateTime64(3, 'UTC'),
    resolution LowCardinality(String),
    resolved_at DateTime64(3, 'UTC'),
    INDEX by_position position TYPE minmax GRANULARITY 1,
    INDEX by_origin origin TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (toStartOfHour(received_at), source_id, origin)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
