-- Points by the month in which they were earned, what they came from, the version that gave them and
-- what one is worth, and what became of them before a moment. Points that were moved to another
-- member stay with what had earned them. What is due and not booked (`due_*`) counts as booked.
-- Captured holds count as redeemed. Locks nothing.
WITH moved AS MATERIALIZED (
  SELECT shard, member_id, id, activity_id, unit, debit, credit, points,
         least(occurred_at, recorded_at) AS at,
         least(occurred_at, recorded_at) < %(until)s
           OR (credit = 12 AND least(occurred_at, recorded_at) = %(until)s) AS counts
  FROM transfer
  WHERE program_id = %(program)s
), made AS MATERIALIZED (
  SELECT l.id, l.unit, l.worth, l.origin, m.debit, m.at, m.activity_id, m.counts,
         CASE WHEN m.counts THEN m.points ELSE 0 END AS points
  FROM lot l
  JOIN moved m ON m.shard = l.shard AND m.member_id = l.member_id AND m.id = l.id
  WHERE l.program_id = %(program)s
), rooted AS MATERIALIZED (
  SELECT made.id, made.unit, made.points, made.worth, made.origin IS NOT NULL AS was_moved,
         coalesce(root.debit, made.debit) AS debit, coalesce(root.at, made.at) AS at,
         coalesce(root.activity_id, made.activity_id) AS activity_id
  FROM made
  LEFT JOIN made AS root ON root.id = made.origin AND made.origin IS NOT NULL
), captured AS (
  SELECT c.activity_id, a.about
  FROM moved c
  JOIN activity a
    ON a.program_id = %(program)s AND a.shard = c.shard AND a.member_id = c.member_id
       AND a.id = c.activity_id
  WHERE c.debit = 3 AND c.credit = 11 AND c.counts
), paid AS MATERIALIZED (
  SELECT about AS activity_id FROM captured WHERE about IS NOT NULL
  UNION
  SELECT r.activity_id
  FROM redemption r
  JOIN captured ON captured.activity_id = r.sale_id
  WHERE r.program_id = %(program)s
), drawn AS (
  SELECT d.lot_id,
         CASE WHEN m.credit = 1 THEN m.debit
              WHEN m.credit = 3 AND m.activity_id IN (SELECT activity_id FROM paid) THEN 11
              ELSE m.credit END AS place,
         d.points
  FROM draw d
  JOIN moved m ON m.shard = d.shard AND m.member_id = d.member_id AND m.id = d.transfer_id
  WHERE d.program_id = %(program)s AND m.counts
  UNION ALL
  SELECT lot_id, place, points
  FROM unnest(%(due_lot)s::uuid[], %(due_place)s::smallint[], %(due_points)s::bigint[])
       AS due (lot_id, place, points)
), happened AS (
  -- What became of points, with what had earned them: at place 0 they were earned, at -14 they came
  -- from another member. What pays a debt at once was earned too, and never was in a lot.
  SELECT activity_id, unit, worth, debit, at, CASE WHEN was_moved THEN -14 ELSE 0 END AS place,
         points
  FROM rooted
  UNION ALL
  SELECT r.activity_id, r.unit, r.worth, r.debit, r.at, drawn.place, drawn.points
  FROM drawn
  JOIN rooted r ON r.id = drawn.lot_id
  UNION ALL
  SELECT activity_id, unit, NULL, debit, at, sides.place, points
  FROM moved
  CROSS JOIN (VALUES (0), (4)) AS sides (place)
  WHERE counts AND debit IN (10, 16, 17) AND credit = 4
)
SELECT h.unit, date_trunc('month', h.at AT TIME ZONE %(zone)s)::date AS month,
       CASE WHEN h.debit = 17 THEN 'brought_in'
            WHEN h.debit = 10 AND a.kind IN ('sale', 'claim') THEN 'sale'
            ELSE 'granted' END AS source,
       a.version, h.worth, h.place, sum(h.points)::bigint
FROM happened h
JOIN activity a ON a.program_id = %(program)s AND a.id = h.activity_id
GROUP BY 1, 2, 3, 4, 5, 6
