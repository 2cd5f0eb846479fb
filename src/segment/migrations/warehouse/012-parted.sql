-- People who were taken apart, while only they are scanned and put in.
CREATE TABLE IF NOT EXISTS segment_scan_people
(
    person UInt64
)
ENGINE = MergeTree
ORDER BY person;
