-- Read the open lots of members, those that end soonest first.
SELECT member_id, id, unit, points, drawn, starts_at, nullif(ends_at, 'infinity'), activated,
       activity_id, origin, worth
FROM lot
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
  AND drawn < points
ORDER BY member_id, unit, ends_at, id
