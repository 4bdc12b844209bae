-- Read what is left of what a purchase counted: before a moment, and now.
SELECT coalesce(sum((decision #>> '{c,0}')::bigint) FILTER (WHERE occurred_at < %(until)s), 0)::bigint,
       coalesce(sum((decision #>> '{c,0}')::bigint), 0)::bigint
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND ((id = %(sale)s AND kind <> 'return') OR (about = %(sale)s AND kind = 'return'))
