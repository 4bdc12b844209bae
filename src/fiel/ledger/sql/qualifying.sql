-- Read what counted towards members' tiers between two moments, each member's own. What counts at
-- another time than its own is found by that.
SELECT a.member_id, a.at, (a.decision #>> '{c,0}')::bigint,
       (a.decision #>> '{c,1}')::bigint, (a.decision #>> '{c,2}')::bigint
FROM unnest(%(members)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
       AS span (member_id, since, until)
CROSS JOIN LATERAL (
  SELECT member_id, occurred_at AS at, decision
  FROM activity
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = span.member_id
    AND occurred_at >= span.since AND occurred_at < span.until AND counts_at IS NULL
  UNION ALL
  SELECT member_id, counts_at, decision
  FROM activity
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = span.member_id
    AND counts_at >= span.since AND counts_at < span.until
  OFFSET 0
) AS a
