-- Read a page of a member's lots that hold points now, those that end soonest first. Locks nothing.
SELECT id, unit, points, points - drawn, activity_id, worth::text, starts_at,
       nullif(ends_at, 'infinity')
FROM lot
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND drawn < points AND ends_at > %(now)s
  AND (%(after_end)s::timestamptz IS NULL
       OR (ends_at, id) > (%(after_end)s::timestamptz, %(after_id)s::uuid))
ORDER BY lot.ends_at, id
LIMIT %(limit)s
