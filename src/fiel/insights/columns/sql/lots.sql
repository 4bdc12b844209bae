-- The lots that have changed since a snapshot. Locks nothing.
SELECT l.id, l.member_id, l.unit, l.points, l.drawn, l.funder, l.worth,
       l.starts_at AT TIME ZONE 'UTC',
       CASE WHEN l.ends_at < 'infinity' THEN l.ends_at AT TIME ZONE 'UTC' END, l.origin,
       (t.occurred_at AT TIME ZONE %(zone)s)::date
FROM lot l
JOIN transfer t
  ON t.program_id = l.program_id AND t.shard = l.shard AND t.member_id = l.member_id
     AND t.id = l.id
WHERE l.program_id = %(program)s
  AND (%(since_age)s::integer IS NULL OR age(l.xmin) <= %(since_age)s)
