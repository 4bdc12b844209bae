-- What stands as held in an account is what redemptions hold; every redemption was made by an
-- activity of its member.
WITH waiting AS (
  SELECT r.member_id, held.key AS unit, sum(held.value::bigint) AS points
  FROM redemption r
  CROSS JOIN LATERAL jsonb_each_text(r.spent) AS held
  WHERE r.program_id = %(program)s AND r.shard = %(shard)s
    AND r.member_id > %(after)s AND r.member_id <= %(until)s AND r.status = 'held'
  GROUP BY r.member_id, held.key
), counted AS (
  SELECT member_id, unit, held_in - held_out AS points
  FROM account
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
)
SELECT member_id, 'held of ' || unit, waiting.points::text, counted.points::text
FROM waiting FULL JOIN counted USING (member_id, unit)
WHERE coalesce(waiting.points, 0) <> coalesce(counted.points, 0)
UNION ALL
SELECT r.member_id, 'redemption ' || r.id::text, 'activity ' || r.activity_id::text, 'none'
FROM redemption r
WHERE r.program_id = %(program)s AND r.shard = %(shard)s
  AND r.member_id > %(after)s AND r.member_id <= %(until)s
  AND NOT EXISTS (SELECT FROM activity a
                  WHERE a.program_id = r.program_id AND a.shard = r.shard
                    AND a.member_id = r.member_id AND a.id = r.activity_id)
