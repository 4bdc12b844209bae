-- What a member had of each unit before a moment, as it was booked, with the lots that held
-- something then, and those that were drawn on before they were made. A transfer counts from when
-- it happened; what was told ahead of its time, from when it was told. What ends at the very moment
-- may count as having ended. Locks nothing.
WITH moved AS (
  SELECT id, unit, debit, credit, points
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND (least(occurred_at, recorded_at) < %(until)s
         OR (%(with_ends)s AND credit = 12 AND least(occurred_at, recorded_at) = %(until)s))
), sums AS (
  SELECT unit,
         sum(CASE WHEN credit = 3 THEN points WHEN debit = 3 THEN -points ELSE 0 END)::bigint
           AS held,
         sum(CASE WHEN debit = 4 THEN points WHEN credit = 4 THEN -points ELSE 0 END)::bigint
           AS debt,
         sum(CASE WHEN debit = 10 THEN points WHEN credit = 10 THEN -points ELSE 0 END)::bigint
           AS lifetime
  FROM moved
  GROUP BY unit
), drawn AS (
  SELECT d.lot_id, sum(d.points)::bigint AS points
  FROM draw d
  JOIN moved ON moved.id = d.transfer_id
  WHERE d.program_id = %(program)s AND d.shard = %(shard)s AND d.member_id = %(member)s
  GROUP BY d.lot_id
), held AS (
  SELECT l.id, l.unit, CASE WHEN made.id IS NULL THEN 0 ELSE l.points END AS points,
         coalesce(drawn.points, 0) AS drawn, l.starts_at, l.ends_at, l.activated, l.activity_id,
         l.origin, l.worth
  FROM lot l
  LEFT JOIN moved AS made ON made.id = l.id
  LEFT JOIN drawn ON drawn.lot_id = l.id
  WHERE l.program_id = %(program)s AND l.shard = %(shard)s AND l.member_id = %(member)s
    AND (made.id IS NOT NULL OR drawn.lot_id IS NOT NULL)
)
SELECT sums.unit, sums.held, sums.debt, sums.lifetime, nullif(a.inactive_at, 'infinity'),
       held.id, held.points, held.drawn, held.starts_at, nullif(held.ends_at, 'infinity'),
       held.activated, held.activity_id, held.origin, held.worth
FROM sums
LEFT JOIN account a
  ON a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
     AND a.unit = sums.unit
LEFT JOIN held ON held.unit = sums.unit AND held.points <> held.drawn
ORDER BY sums.unit, held.ends_at, held.id
