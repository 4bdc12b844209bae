-- What moved before a moment and was not in a snapshot: by its own day, the kind of what moved it,
-- unit and places. What time alone does is left out. Locks nothing.
WITH fresh AS MATERIALIZED (
  SELECT DISTINCT shard, member_id, activity_id
  FROM outbox
  WHERE program_id = %(program)s
    AND sequence >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint * 65536
    AND NOT pg_visible_in_snapshot((sequence / 65536)::text::xid8, %(snapshot)s::pg_snapshot)
)
SELECT ((least(t.occurred_at, t.recorded_at)
          - CASE WHEN t.credit = 12 THEN interval '1 microsecond'
                 ELSE interval '0 microseconds' END) AT TIME ZONE %(zone)s)::date,
       a.kind, t.unit, t.debit, t.credit, sum(t.points)::bigint
FROM fresh
JOIN transfer t
  ON t.program_id = %(program)s AND t.shard = fresh.shard AND t.member_id = fresh.member_id
     AND t.activity_id = fresh.activity_id
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = t.shard AND a.member_id = t.member_id
     AND a.id = t.activity_id
WHERE a.kind <> %(by_itself)s
  AND (least(t.occurred_at, t.recorded_at) < %(until)s
       OR (t.credit = 12 AND least(t.occurred_at, t.recorded_at) = %(until)s))
GROUP BY 1, 2, 3, 4, 5
