-- An event stands at its user id unless that is a placeholder (null, [object Object], zeros: normalise/standing-id.ts),
-- else at its anonymous id unless that is one, too, else at 0: nobody's. What was sent stays in user_id and anonymous_id.
-- Rows from before stay where they stand, as the states that were counted by them do.
ALTER TABLE events MODIFY COLUMN node UInt64
    MATERIALIZED multiIf(
        NOT match(lower(user_id), '^[\\x09-\\x0d "\']*(?:\\(?(?:null|undefined|none|nil|nan|n/a|na|unknown|not set|anonymous|guest)\\)?|unidentified|test|true|false|user|id|email|\\[object (?:object|undefined|null)\\]|[\\x09-\\x0d 0.+:_-]*)[\\x09-\\x0d "\']*$'),
        reinterpretAsUInt64(reverse(substring(MD5(concat('user_id:', user_id)), 1, 8))),
        NOT match(lower(anonymous_id), '^[\\x09-\\x0d "\']*(?:\\(?(?:null|undefined|none|nil|nan|n/a|na|unknown|not set|anonymous|guest)\\)?|unidentified|test|true|false|user|id|email|\\[object (?:object|undefined|null)\\]|[\\x09-\\x0d 0.+:_-]*)[\\x09-\\x0d "\']*$'),
        reinterpretAsUInt64(reverse(substring(MD5(concat('anonymous_id:', anonymous_id)), 1, 8))),
        0);
