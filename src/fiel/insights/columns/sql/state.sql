-- What the transaction sees: its snapshot, since when, the database's own first event (another one
-- is another database) and whether events lie ahead of it, as they do in one that was restored.
SELECT pg_current_snapshot()::text, transaction_timestamp(), (
    SELECT concat(first.sequence, ':', first.activity_id)
    FROM generate_series(0, %(shards)s - 1) AS here (shard)
    CROSS JOIN LATERAL (
      SELECT sequence, activity_id FROM outbox
      WHERE program_id = %(program)s AND shard = here.shard
      ORDER BY sequence
      LIMIT 1
    ) AS first
    ORDER BY first.sequence, first.activity_id
    LIMIT 1
  ), EXISTS (
    SELECT FROM generate_series(0, %(shards)s - 1) AS here (shard)
    CROSS JOIN LATERAL (
      SELECT FROM outbox
      WHERE program_id = %(program)s AND shard = here.shard
        AND sequence >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint * 65536
      LIMIT 1
    ) AS ahead
  )
