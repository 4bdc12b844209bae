-- Every transfer out of points that lots hold says which lots it drew on, to the point; one that
-- gives points back (held: 3, redeemed: 11) into which.
WITH drawn AS (
  SELECT member_id, transfer_id AS id, sum(points) AS points
  FROM draw
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
  GROUP BY member_id, transfer_id
), spent AS (
  SELECT member_id, id, CASE WHEN debit IN (1, 2) THEN points ELSE -points END AS points
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
    AND ((debit IN (1, 2) AND NOT (debit = 2 AND credit = 1))
         OR (debit IN (3, 11) AND credit = 1))
)
SELECT member_id, 'draws of transfer ' || id::text, spent.points::text, drawn.points::text
FROM spent FULL JOIN drawn USING (member_id, id)
WHERE spent.points IS DISTINCT FROM drawn.points
