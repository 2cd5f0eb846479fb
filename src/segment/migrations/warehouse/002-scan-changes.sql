-- What the answers of a scan change, for a slice of people at a time: `nth` is the place of the segment among those that
-- were asked, `before` the version of the row that says otherwise.
CREATE TABLE IF NOT EXISTS segment_scan_changes
(
    person UInt64,
    nth UInt32,
    is_in UInt8,
    before UInt64
)
ENGINE = MergeTree
ORDER BY (nth, person);
