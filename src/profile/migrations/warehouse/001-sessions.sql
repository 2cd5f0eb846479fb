-- One row a session and version: the newest version counts. A session may move its start and its end, so the
-- partition and the sort key come from the id, which begins with the day (UTC) on which it was first seen to start.
CREATE TABLE IF NOT EXISTS sessions
(
    session_id String,
    person_id String,
    started_at DateTime64(3, 'UTC'),
    ended_at DateTime64(3, 'UTC'),
    events UInt64,
    pages UInt64,
    campaign String,
    entry_path String,
    exit_path String,
    referrer String,
    bot UInt8,
    runaway UInt8,
    reopened UInt32,
    removed UInt8,
    version UInt64,
    INDEX by_person person_id TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY substring(session_id, 1, 6)
ORDER BY session_id
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
