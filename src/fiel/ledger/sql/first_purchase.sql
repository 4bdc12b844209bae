-- Find a member's first purchase since a moment that is large enough. Locks nothing.
SELECT id, occurred_at
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND kind IN ('sale', 'claim') AND occurred_at >= %(since)s
  AND (decision #>> '{c,0}')::bigint >= greatest(%(least)s::bigint, 1)
ORDER BY occurred_at, id
LIMIT 1
