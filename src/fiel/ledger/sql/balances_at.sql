-- What a member had of each unit at a moment, from transfers, lots and draws alone: what had not
-- started yet was pending, what had ended was gone, whether or not it was booked by then.
-- Locks nothing.
WITH moved AS (
  SELECT unit, debit, credit, points FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND occurred_at <= %(at)s
), sums AS (
  SELECT unit,
         sum(CASE WHEN credit = 3 THEN points WHEN debit = 3 THEN -points ELSE 0 END) AS held,
         sum(CASE WHEN debit = 4 THEN points WHEN credit = 4 THEN -points ELSE 0 END) AS debt,
         sum(CASE WHEN debit = 10 THEN points WHEN credit = 10 THEN -points ELSE 0 END) AS lifetime
  FROM moved GROUP BY unit
), lots AS (
  SELECT l.unit, l.starts_at, l.ends_at,
         l.points - coalesce((
           SELECT sum(d.points) FROM draw d
           JOIN transfer t
             ON t.program_id = d.program_id AND t.shard = d.shard AND t.member_id = d.member_id
                AND t.id = d.transfer_id
           WHERE d.program_id = l.program_id AND d.shard = l.shard AND d.member_id = l.member_id
             AND d.lot_id = l.id AND t.occurred_at <= %(at)s), 0) AS points
  FROM lot l
  JOIN transfer made
    ON made.program_id = l.program_id AND made.shard = l.shard AND made.member_id = l.member_id
       AND made.id = l.id
  WHERE l.program_id = %(program)s AND l.shard = %(shard)s AND l.member_id = %(member)s
    AND made.occurred_at <= %(at)s
), open AS (
  SELECT lots.unit, lots.starts_at, lots.ends_at, lots.points
  FROM lots
  JOIN account a
    ON a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
       AND a.unit = lots.unit
  WHERE lots.points > 0 AND lots.ends_at > %(at)s
    AND (lots.starts_at > %(at)s OR a.inactive_at > %(at)s)
)
SELECT sums.unit,
       coalesce((SELECT sum(points) FROM open
                 WHERE open.unit = sums.unit AND starts_at <= %(at)s), 0)::bigint,
       coalesce((SELECT sum(points) FROM open
                 WHERE open.unit = sums.unit AND starts_at > %(at)s), 0)::bigint,
       sums.held::bigint, sums.debt::bigint, sums.lifetime::bigint,
       (SELECT array_agg(points ORDER BY ends_at) FROM (
          SELECT ends_at, sum(points)::bigint AS points FROM open
          WHERE open.unit = sums.unit AND ends_at < 'infinity'
          GROUP BY ends_at ORDER BY ends_at LIMIT 3) AS soonest),
       (SELECT array_agg(ends_at ORDER BY ends_at) FROM (
          SELECT DISTINCT ends_at FROM open
          WHERE open.unit = sums.unit AND ends_at < 'infinity'
          ORDER BY ends_at LIMIT 3) AS soonest)
FROM sums
ORDER BY sums.unit
