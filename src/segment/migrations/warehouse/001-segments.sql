-- Who is in which segment now: the newest version of a segment and person counts, where `member` is 1.
CREATE TABLE IF NOT EXISTS segment_members
(
    segment LowCardinality(String),
    person UInt64,
    since DateTime64(3, 'UTC'),
    member UInt8,
    version UInt64,
    INDEX by_person person TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (segment, person)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Entered and exited, each once: the same change has the same id.
CREATE TABLE IF NOT EXISTS segment_changes
(
    change_id UInt64,
    segment LowCardinality(String),
    segment_version UInt32,
    person UInt64,
    what LowCardinality(String),
    at DateTime64(3, 'UTC'),
    cause LowCardinality(String),
    INDEX by_person person TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (segment, toStartOfHour(at), change_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The answers of a scan on their way to the two tables above: `hits` has a place for each segment that was asked.
CREATE TABLE IF NOT EXISTS segment_scan
(
    person UInt64,
    hits Array(UInt8),
    timed UInt8
)
ENGINE = MergeTree
ORDER BY person;

-- People whom the stream decided while a scan was running: they know better.
CREATE TABLE IF NOT EXISTS segment_scan_skipped
(
    person UInt64
)
ENGINE = MergeTree
ORDER BY person;

-- Every scan with what it cost.
CREATE TABLE IF NOT EXISTS segment_refreshes
(
    at DateTime64(3, 'UTC'),
    segments Array(String),
    cause LowCardinality(String),
    people UInt64,
    entered UInt64,
    exited UInt64,
    seconds Float64,
    rows_read UInt64,
    bytes_read UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY at
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
