-- The identifier that an event stands at, for ever: its user id, else its anonymous id, as a 64-bit key (kernel/key64.ts).
-- 0 when it has neither: Plumbline's own events about events. Who the identifier belongs to is said elsewhere and may
-- change; events never do.
ALTER TABLE events ADD COLUMN IF NOT EXISTS node UInt64
    MATERIALIZED if(user_id = '' AND anonymous_id = '', 0, reinterpretAsUInt64(reverse(substring(MD5(if(user_id != '', concat('user_id:', user_id), concat('anonymous_id:', anonymous_id))), 1, 8))));

-- Rows are written first, rebuilt by the part afterwards: a part and its projection are one unit on disk.
ALTER TABLE events MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild', deduplicate_merge_projection_mode = 'rebuild';

-- The same events by identifier and time: one person's history is a few granules, not a scan.
ALTER TABLE events ADD PROJECTION IF NOT EXISTS by_node
(
    SELECT
        node, timestamp, position, received_at, source_id, message_id, type, event, user_id, anonymous_id, group_id,
        properties, traits, context, user_agent, bot, library
    ORDER BY node, timestamp
);

ALTER TABLE events MATERIALIZE COLUMN node;

ALTER TABLE events MATERIALIZE PROJECTION by_node;
