-- Points by the month in which they were earned, what they came from, the version that gave them and
-- what one is worth, and what became of them in which time: at place 0 they were earned, at -14 they
-- came from another member, elsewhere they went. Time n lies before the n-th of the bounds, counted
-- from 0, and adds to all times before it; what is due and not booked (`due_*`) counts as booked at
-- its own bound alone. Points that were moved to another member stay with what had earned them;
-- captured holds count as redeemed once they are. A lot was made when its activity happened; what
-- ends at the very moment when a time is over (12) belongs to that time. Several rows may tell of the
-- same points. Rows are found by id alone: joined by shard and member too, so few are expected that
-- each would be looked for in an index. Locks nothing.
SELECT moved.unit, months.month,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, moved.worth, moved.place,
       coalesce(moved.bucket,
                width_bucket(least(a.occurred_at, a.recorded_at), %(bounds)s::timestamptz[])),
       moved.is_due, sum(moved.points)::bigint
FROM (
  SELECT l.id AS lot_id, l.activity_id, l.unit, l.worth, 0 AS place, NULL::integer AS bucket,
         false AS is_due, l.points
  FROM lot l
  WHERE l.program_id = %(program)s AND l.origin IS NULL
  UNION ALL
  SELECT root.id, root.activity_id, l.unit, l.worth, -14,
         width_bucket(least(m.occurred_at, m.recorded_at), %(bounds)s::timestamptz[]),
         false, l.points
  FROM lot l
  JOIN activity m ON m.program_id = %(program)s AND m.id = l.activity_id
  JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
  WHERE l.program_id = %(program)s AND l.origin IS NOT NULL
  UNION ALL
  SELECT coalesce(l.origin, l.id), coalesce(root.activity_id, l.activity_id), l.unit, l.worth,
         CASE WHEN t.credit = 1 THEN t.debit
              WHEN paid.activity_id IS NOT NULL THEN 11
              ELSE t.credit END::integer,
         greatest(paid.bucket,
                  width_bucket(least(t.occurred_at, t.recorded_at)
                                 - CASE WHEN t.credit = 12 THEN interval '1 microsecond'
                                        ELSE interval '0 microseconds' END,
                               %(bounds)s::timestamptz[])),
         false, d.points
  FROM draw d
  JOIN transfer t ON t.program_id = %(program)s AND t.id = d.transfer_id
  JOIN lot l ON l.program_id = %(program)s AND l.id = d.lot_id
  LEFT JOIN (
    SELECT activity_id, min(bucket) AS bucket
    FROM (
      SELECT a.about AS activity_id,
             width_bucket(least(c.occurred_at, c.recorded_at), %(bounds)s::timestamptz[]) AS bucket
      FROM transfer c
      JOIN activity a ON a.program_id = %(program)s AND a.id = c.activity_id
      WHERE c.program_id = %(program)s AND c.debit = 3 AND c.credit = 11 AND a.about IS NOT NULL
      UNION ALL
      SELECT r.activity_id,
             width_bucket(least(c.occurred_at, c.recorded_at), %(bounds)s::timestamptz[])
      FROM transfer c
      JOIN redemption r ON r.program_id = %(program)s AND r.sale_id = c.activity_id
      WHERE c.program_id = %(program)s AND c.debit = 3 AND c.credit = 11
    ) AS captures
    GROUP BY 1
  ) AS paid ON paid.activity_id = t.activity_id AND t.credit = 3
  LEFT JOIN (
    SELECT id, activity_id
    FROM lot
    WHERE program_id = %(program)s
      AND id IN (SELECT origin FROM lot WHERE program_id = %(program)s AND origin IS NOT NULL)
  ) AS root ON root.id = l.origin
  WHERE d.program_id = %(program)s
  UNION ALL
  SELECT coalesce(l.origin, l.id), coalesce(root.activity_id, l.activity_id), l.unit, l.worth,
         due.place, due.bucket, true, due.points
  FROM unnest(%(due_lot)s::uuid[], %(due_points)s::bigint[], %(due_place)s::integer[],
              %(due_bucket)s::integer[]) AS due (lot_id, points, place, bucket)
  JOIN lot l ON l.program_id = %(program)s AND l.id = due.lot_id
  LEFT JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
) AS moved
JOIN activity a ON a.program_id = %(program)s AND a.id = moved.activity_id
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = moved.lot_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
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
