-- Read the events of a program that bear these sequences, oldest first. Locks nothing.
SELECT e.sequence, e.member_sequence, e.type, e.recorded_at, e.member_id, a.id, a.kind, a.source,
       a.external_id, a.occurred_at, a.net, a.gross, a.version, a.decision::text
FROM generate_series(0, %(shards)s - 1) AS here (shard)
CROSS JOIN LATERAL (
  SELECT shard, sequence, member_sequence, type, recorded_at, member_id, activity_id
  FROM outbox
  WHERE program_id = %(program)s AND shard = here.shard
    AND sequence = ANY(%(sequences)s::bigint[])
) AS e
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = e.shard AND a.member_id = e.member_id
     AND a.id = e.activity_id
ORDER BY e.sequence
