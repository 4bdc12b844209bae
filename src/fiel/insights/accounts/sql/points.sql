-- Points by the month in which they were earned, what they came from, the version that gave them and
-- what one is worth, and what became of them before a moment: at place 0 they were earned, at -14 they
-- came from another member, elsewhere they went. Points that were moved to another member stay with
-- what had earned them; captured holds count as redeemed. What is due and not booked (`due_*`) counts
-- as booked. A lot was made when its activity happened. Several rows may tell of the same points.
-- Rows are found by id alone: joined by shard and member too, so few are expected that each would be
-- looked for in an index. Months are joined for the same reason: of so many, few groups are
-- expected, and each process adds up its own. Locks nothing.
SELECT l.unit, months.month,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, l.worth, 0, sum(l.points)::bigint
FROM lot l
JOIN activity a ON a.program_id = %(program)s AND a.id = l.activity_id
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = l.id
WHERE l.program_id = %(program)s AND l.origin IS NULL
  AND least(a.occurred_at, a.recorded_at) < %(until)s
GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT l.unit, months.month,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, l.worth, -14, sum(l.points)::bigint
FROM lot l
JOIN activity moved ON moved.program_id = %(program)s AND moved.id = l.activity_id
JOIN lot root ON root.program_id = %(program)s AND root.id = l.origin
JOIN activity a ON a.program_id = %(program)s AND a.id = root.activity_id
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = root.id
WHERE l.program_id = %(program)s AND l.origin IS NOT NULL
  AND least(moved.occurred_at, moved.recorded_at) < %(until)s
GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT l.unit, months.month,
       CASE WHEN a.kind = 'balance' THEN 'brought_in'
            WHEN a.kind IN ('sale', 'claim') AND by_hand.debit IS NULL THEN 'sale'
            ELSE 'granted' END,
       a.version, l.worth, drawn.place, sum(drawn.points)::bigint
FROM (
  SELECT d.lot_id, d.points,
         CASE WHEN t.credit = 1 THEN t.debit
              WHEN paid.activity_id IS NOT NULL THEN 11
              ELSE t.credit END AS place
  FROM draw d
  JOIN transfer t ON t.program_id = %(program)s AND t.id = d.transfer_id
  LEFT JOIN (
    SELECT a.about AS activity_id
    FROM transfer c
    JOIN activity a ON a.program_id = %(program)s AND a.id = c.activity_id
    WHERE c.program_id = %(program)s AND c.debit = 3 AND c.credit = 11
      AND a.about IS NOT NULL AND least(c.occurred_at, c.recorded_at) < %(until)s
    UNION
    SELECT r.activity_id
    FROM transfer c
    JOIN redemption r ON r.program_id = %(program)s AND r.sale_id = c.activity_id
    WHERE c.program_id = %(program)s AND c.debit = 3 AND c.credit = 11
      AND least(c.occurred_at, c.recorded_at) < %(until)s
  ) AS paid ON paid.activity_id = t.activity_id AND t.credit = 3
  WHERE d.program_id = %(program)s
    AND (least(t.occurred_at, t.recorded_at) < %(until)s
         OR (t.credit = 12 AND least(t.occurred_at, t.recorded_at) = %(until)s))
  UNION ALL
  SELECT lot_id, points, place
  FROM unnest(%(due_lot)s::uuid[], %(due_points)s::bigint[], %(due_place)s::smallint[])
       AS due (lot_id, points, place)
) AS drawn
JOIN lot l ON l.program_id = %(program)s AND l.id = drawn.lot_id
LEFT JOIN (
  SELECT id, activity_id
  FROM lot
  WHERE program_id = %(program)s
    AND id IN (SELECT origin FROM lot WHERE program_id = %(program)s AND origin IS NOT NULL)
) AS root ON root.id = l.origin
JOIN activity a
  ON a.program_id = %(program)s AND a.id = coalesce(root.activity_id, l.activity_id)
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
LEFT JOIN (SELECT id, debit FROM transfer WHERE program_id = %(program)s AND debit = 16) AS by_hand
  ON by_hand.id = coalesce(l.origin, l.id)
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
-- What pays a debt at once was earned too, and never was in a lot.
SELECT t.unit, date_trunc('month', least(t.occurred_at, t.recorded_at)
                                     AT TIME ZONE %(zone)s)::date,
       CASE WHEN t.debit = 17 THEN 'brought_in'
            WHEN t.debit = 10 AND a.kind IN ('sale', 'claim') THEN 'sale'
            ELSE 'granted' END,
       a.version, NULL, sides.place, sum(t.points)::bigint
FROM transfer t
JOIN activity a ON a.program_id = %(program)s AND a.id = t.activity_id
CROSS JOIN (VALUES (0), (4)) AS sides (place)
WHERE t.program_id = %(program)s AND t.debit IN (10, 16, 17) AND t.credit = 4
  AND least(t.occurred_at, t.recorded_at) < %(until)s
GROUP BY 1, 2, 3, 4, 6
