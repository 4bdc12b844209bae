-- Read members' accounts, each with the soonest ends of its open lots.
SELECT a.member_id, a.unit, a.available_in, a.available_out, a.pending_in, a.pending_out,
       a.held_in, a.held_out, a.debt_in, a.debt_out, a.issued,
       nullif(a.changes_at, 'infinity'), nullif(a.inactive_at, 'infinity'),
       soonest.points, soonest.ends
FROM account a
CROSS JOIN LATERAL (
  SELECT array_agg(points ORDER BY ends_at) AS points, array_agg(ends_at ORDER BY ends_at) AS ends
  FROM (
    SELECT ends_at, sum(points - drawn)::bigint AS points
    FROM lot
    WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = a.member_id
      AND unit = a.unit AND drawn < points AND ends_at < 'infinity'
    GROUP BY ends_at
    ORDER BY ends_at
    LIMIT 3
  ) AS by_end
) AS soonest
WHERE a.program_id = %(program)s AND a.shard = %(shard)s
  AND a.member_id = ANY(%(members)s::uuid[])
