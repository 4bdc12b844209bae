-- Read what counted towards members' tiers between two moments, each member's own.
SELECT a.member_id, a.occurred_at, (a.decision #>> '{c,0}')::bigint,
       (a.decision #>> '{c,1}')::bigint, (a.decision #>> '{c,2}')::bigint
FROM unnest(%(members)s::uuid[], %(since)s::timestamptz[], %(until)s::timestamptz[])
       AS span (member_id, since, until)
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = span.member_id
     AND a.occurred_at >= span.since AND a.occurred_at < span.until
