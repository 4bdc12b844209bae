-- Every decision's awards were transferred, no more and no less.
WITH decided AS (
  SELECT a.member_id, a.id, award ->> 1 AS unit, sum((award ->> 2)::bigint) AS points
  FROM activity a
  CROSS JOIN LATERAL jsonb_array_elements(a.decision -> 'a') AS award
  WHERE a.program_id = %(program)s AND a.shard = %(shard)s
    AND a.member_id > %(after)s AND a.member_id <= %(until)s
  GROUP BY a.member_id, a.id, award ->> 1
), posted AS (
  SELECT member_id, activity_id AS id, unit, sum(points) AS points
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s AND debit IN (10, 17)
  GROUP BY member_id, activity_id, unit
)
SELECT member_id, 'awards of activity ' || id::text, decided.points || ' ' || unit,
       posted.points || ' ' || unit
FROM decided FULL JOIN posted USING (member_id, id, unit)
WHERE coalesce(decided.points, 0) <> coalesce(posted.points, 0)
