-- The same as `points.sql` of points that are few: that were moved to another member, that are or were
-- held, and that are due and not booked (`due_*`), which counts as booked at its own bound alone. At
-- place -14 points came from another member; they stay with what had earned them. Captured holds
-- count as redeemed once they are. Locks nothing.
SELECT moved.unit, date_trunc('month', least(a.occurred_at, a.recorded_at)
                                         AT TIME ZONE %(zone)s)::date,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, moved.worth, moved.place, moved.bucket, moved.is_due, sum(moved.points)::bigint
FROM (
  SELECT root.id AS lot_id, root.activity_id, l.unit, l.worth, -14 AS place,
         width_bucket(least(m.occurred_at, m.recorded_at), %(bounds)s::timestamptz[]) AS bucket,
         false AS is_due, l.points
  FROM lot l
  JOIN activity m ON m.program_id = %(program)s AND m.id = l.activity_id
  JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
  WHERE l.program_id = %(program)s AND l.origin IS NOT NULL
  UNION ALL
  SELECT root.id, root.activity_id, l.unit, l.worth,
         CASE WHEN t.credit = 1 THEN t.debit ELSE t.credit END,
         width_bucket(least(t.occurred_at, t.recorded_at)
                        - CASE WHEN t.credit = 12 THEN interval '1 microsecond'
                               ELSE interval '0 microseconds' END,
                      %(bounds)s::timestamptz[]),
         false, d.points
  FROM lot l
  JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
  JOIN draw d ON d.program_id = %(program)s AND d.lot_id = l.id
  JOIN transfer t ON t.program_id = %(program)s AND t.id = d.transfer_id
  WHERE l.program_id = %(program)s AND l.origin IS NOT NULL AND t.credit <> 3
  UNION ALL
  SELECT coalesce(l.origin, l.id), coalesce(root.activity_id, l.activity_id), l.unit, l.worth,
         11,
         greatest(paid.bucket,
                  width_bucket(least(t.occurred_at, t.recorded_at), %(bounds)s::timestamptz[])),
         false, d.points
  FROM draw d
  JOIN transfer t ON t.program_id = %(program)s AND t.id = d.transfer_id
  JOIN lot l ON l.program_id = %(program)s AND l.id = d.lot_id
  JOIN (
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
  ) AS paid ON paid.activity_id = t.activity_id
  LEFT JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
  WHERE d.program_id = %(program)s AND t.credit = 3
  UNION ALL
  SELECT coalesce(l.origin, l.id), coalesce(root.activity_id, l.activity_id), l.unit, l.worth,
         due.place, due.bucket, true, due.points
  FROM unnest(%(due_lot)s::uuid[], %(due_points)s::bigint[], %(due_place)s::integer[],
              %(due_bucket)s::integer[]) AS due (lot_id, points, place, bucket)
  JOIN lot l ON l.program_id = %(program)s AND l.id = due.lot_id
  LEFT JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
) AS moved
JOIN activity a ON a.program_id = %(program)s AND a.id = moved.activity_id
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = moved.lot_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
