-- Read lots of one member by their ids, those that hold nothing any more too.
SELECT id, unit, points, drawn, starts_at, nullif(ends_at, 'infinity'), activated, activity_id,
       origin, worth
FROM lot
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND id = ANY(%(ids)s::uuid[])
