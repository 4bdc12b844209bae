-- Points by the month in which they were earned, what they came from, the version that gave them and
-- what one is worth, and what became of them in which time: at place 0 they were earned, elsewhere they
-- went. Time n lies before the n-th of the bounds, counted from 0, and adds to all times before it. A
-- lot was made when its activity happened; what ends at the very moment when a time is over (12)
-- belongs to that time. Holds, and points that were moved to another member, are told by
-- `points_apart.sql`. Several rows may tell of the same points.
-- Rows are found by id alone: joined by shard and member too, so few are expected that each would be
-- looked for in an index. Months, and places with times, are joined for the same reason: of so many,
-- few groups are expected, and each process adds up its own. Locks nothing.
SELECT moved.unit, months.month,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, moved.worth, spots.spot / 1000, spots.spot %% 1000, false, sum(moved.points)::bigint
FROM (
  SELECT l.id AS lot_id, l.activity_id, l.unit, l.worth, NULL::integer AS spot, l.points
  FROM lot l
  WHERE l.program_id = %(program)s AND l.origin IS NULL
  UNION ALL
  SELECT l.id, l.activity_id, l.unit, l.worth,
         1000 * (CASE WHEN t.credit = 1 THEN t.debit ELSE t.credit END)
           + width_bucket(least(t.occurred_at, t.recorded_at)
                            - CASE WHEN t.credit = 12 THEN interval '1 microsecond'
                                   ELSE interval '0 microseconds' END,
                          %(bounds)s::timestamptz[]),
         d.points
  FROM draw d
  JOIN transfer t ON t.program_id = %(program)s AND t.id = d.transfer_id
  JOIN lot l ON l.program_id = %(program)s AND l.id = d.lot_id
  WHERE d.program_id = %(program)s AND t.credit <> 3 AND l.origin IS NULL
) AS moved
JOIN activity a ON a.program_id = %(program)s AND a.id = moved.activity_id
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
JOIN unnest(%(spots)s::integer[]) AS spots (spot)
  ON spots.spot
     = coalesce(moved.spot,
                width_bucket(least(a.occurred_at, a.recorded_at), %(bounds)s::timestamptz[]))
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = moved.lot_id
GROUP BY months.month, spots.spot, 1, 3, 4, 5
UNION ALL
-- What pays a debt at once was earned too, and never was in a lot.
SELECT t.unit, date_trunc('month', least(t.occurred_at, t.recorded_at)
                                     AT TIME ZONE %(zone)s)::date,
       CASE WHEN t.debit = 17 THEN 'brought_in'
            WHEN t.debit = 10 AND a.kind IN ('sale', 'claim') THEN 'sale'
            ELSE 'granted' END,
       a.version, NULL, sides.place,
       width_bucket(least(t.occurred_at, t.recorded_at), %(bounds)s::timestamptz[]),
       false, sum(t.points)::bigint
FROM transfer t
JOIN activity a ON a.program_id = %(program)s AND a.id = t.activity_id
CROSS JOIN (VALUES (0), (4)) AS sides (place)
WHERE t.program_id = %(program)s AND t.debit IN (10, 16, 17) AND t.credit = 4
GROUP BY 1, 2, 3, 4, 6, 7
