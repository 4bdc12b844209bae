-- What a return says it took back was taken: as issued no more (10), whether out of lots, as a debt
-- or let go; and what it says it gave back came from what was redeemed (11).
WITH returned AS (
  SELECT member_id, id, decision
  FROM activity
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s AND kind = 'return'
), told AS (
  SELECT r.member_id, r.id, part.unit, sum(part.taken) AS taken, sum(part.given) AS given
  FROM returned r
  CROSS JOIN LATERAL (
    SELECT key AS unit, value::bigint AS taken, 0 AS given
    FROM jsonb_each_text(r.decision -> 'reversed')
    UNION ALL
    SELECT key, value::bigint, 0 FROM jsonb_each_text(r.decision -> 'uncollected')
    UNION ALL
    SELECT key, 0, value::bigint FROM jsonb_each_text(r.decision -> 'restored')
  ) AS part
  GROUP BY r.member_id, r.id, part.unit
), moved AS (
  SELECT r.member_id, r.id, t.unit, coalesce(sum(t.points) FILTER (WHERE t.credit = 10), 0) AS taken,
         coalesce(sum(t.points) FILTER (WHERE t.debit = 11 AND t.credit = 1), 0) AS given
  FROM returned r
  JOIN transfer t
    ON t.program_id = %(program)s AND t.shard = %(shard)s AND t.member_id = r.member_id
       AND t.activity_id = r.id
  GROUP BY r.member_id, r.id, t.unit
)
SELECT member_id, 'return ' || id::text || ' of ' || unit,
       coalesce(told.taken, 0)::text || ' ' || coalesce(told.given, 0)::text,
       coalesce(moved.taken, 0)::text || ' ' || coalesce(moved.given, 0)::text
FROM told FULL JOIN moved USING (member_id, id, unit)
WHERE coalesce(told.taken, 0) <> coalesce(moved.taken, 0)
   OR coalesce(told.given, 0) <> coalesce(moved.given, 0)
