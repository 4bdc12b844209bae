-- The activities that became visible between two snapshots, each with its first event's sequence.
-- Their events tell which: an event bears the number of its transaction. Locks nothing.
WITH zones AS (
  SELECT store, zone FROM unnest(%(stores)s::text[], %(zones)s::text[]) AS z (store, zone)
), news AS (
  SELECT new.shard, new.member_id, new.activity_id, min(new.sequence) AS sequence
  FROM generate_series(0, %(shards)s - 1) AS here (shard)
  CROSS JOIN LATERAL (
    SELECT shard, member_id, activity_id, sequence FROM outbox
    WHERE program_id = %(program)s AND shard = here.shard AND sequence >= %(since_sequence)s
      AND (%(since)s::text IS NULL
           OR NOT pg_visible_in_snapshot((sequence >> 16)::text::xid8, %(since)s::text::pg_snapshot))
  ) AS new
  GROUP BY new.shard, new.member_id, new.activity_id
)
SELECT news.sequence, a.member_id, a.id, a.kind, a.source, a.external_id,
       a.occurred_at AT TIME ZONE 'UTC', a.recorded_at AT TIME ZONE 'UTC',
       a.counts_at AT TIME ZONE 'UTC',
       (a.occurred_at AT TIME ZONE coalesce(zones.zone, %(zone)s))::date,
       a.store, a.channel, a.net, a.gross, a.version, a.about,
       CASE WHEN a.kind = 'sale' THEN a.facts ELSE a.facts - '{reason,author,note}'::text[] END::text,
       coalesce(a.facts ->> 'author', ''),
       (a.decision -> 'a')::text, (a.decision -> 'r')::text,
       a.decision #>> '{paid,points}'
FROM news
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = news.shard AND a.member_id = news.member_id
     AND a.id = news.activity_id
LEFT JOIN zones ON zones.store = a.store
