-- When a member's points were told to end at a moment: until when something had to be done, by
-- unit, as the last activity before says; and each change after it of a lot's end, in order.
-- Locks nothing.
SELECT decision -> 'idle_until', NULL::jsonb
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND id = (SELECT id FROM activity
            WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
              AND recorded_at <= %(at)s
            ORDER BY recorded_at DESC, id DESC
            LIMIT 1)
UNION ALL
(SELECT NULL, coalesce(decision -> 'put_off', decision -> 'redated')
 FROM activity
 WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
   AND recorded_at > %(at)s AND least(occurred_at, recorded_at) > %(at)s
   AND (jsonb_exists(decision, 'put_off') OR jsonb_exists(decision, 'redated'))
 ORDER BY recorded_at, id)
