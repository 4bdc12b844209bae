-- Read what counted towards members' tiers between two moments, each member's own.
SELECT a.member_id, a.occurred_at, (a.decision #>> '{c,0}')::bigint,
       (a.decision #>> '{c,1}')::bigint, (a.decision #>> '{c,2}')::bigint
FROM unnest(%(members)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
       AS span (member_id, since, until)
CROSS JOIN LATERAL (
  SELECT member_id, occurred_at, decision
  FROM activity
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = span.member_id
    AND occurred_at >= span.since AND occurred_at < span.until
  OFFSET 0
) AS a
