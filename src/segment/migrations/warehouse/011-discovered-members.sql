-- Who is in discovered segments used to be written beside the stream, under versions of another kind (moments). They are
-- taken away; the newest run of each segmentation puts everybody in again as the stream knows it.
ALTER TABLE segment_members DELETE WHERE position(segment, '/') > 0 SETTINGS mutations_sync = 1;
ALTER TABLE segment_changes DELETE WHERE position(segment, '/') > 0 SETTINGS mutations_sync = 1;
