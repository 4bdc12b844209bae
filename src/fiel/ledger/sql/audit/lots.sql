-- Every lot was made by one transfer into the account, of as many points, and is drawn by as much
-- as its draws say; every such transfer made a lot. What was redeemed (11) comes back into the
-- lots that it came from.
WITH drawn AS (
  SELECT member_id, lot_id, sum(points) AS points
  FROM draw
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
  GROUP BY member_id, lot_id
), made AS (
  SELECT member_id, id, unit, points, activity_id
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
    AND debit >= 10 AND debit <> 11 AND credit IN (1, 2)
), kept AS (
  SELECT member_id, id, unit, points, activity_id, drawn
  FROM lot
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
)
SELECT member_id, 'lot ' || id::text,
       concat_ws(' ', made.unit, made.points, made.activity_id, coalesce(drawn.points, 0)),
       concat_ws(' ', kept.unit, kept.points, kept.activity_id, kept.drawn)
FROM made
FULL JOIN kept USING (member_id, id)
FULL JOIN (SELECT member_id, lot_id AS id, points FROM drawn) AS drawn USING (member_id, id)
WHERE (made.unit, made.points, made.activity_id, coalesce(drawn.points, 0))
      IS DISTINCT FROM (kept.unit, kept.points, kept.activity_id, kept.drawn)
