-- What activities of some members tell now: what an erasure has left of it. Locks nothing.
WITH zones AS (
  SELECT store, zone FROM unnest(%(stores)s::text[], %(zones)s::text[]) AS z (store, zone)
)
SELECT 0, a.member_id, a.id, a.kind, a.source, a.external_id,
       a.occurred_at AT TIME ZONE 'UTC', a.recorded_at AT TIME ZONE 'UTC',
       a.counts_at AT TIME ZONE 'UTC',
       (a.occurred_at AT TIME ZONE coalesce(zones.zone, %(zone)s))::date,
       a.store, a.channel, a.net, a.gross, a.version, a.about,
       CASE WHEN a.kind = 'sale' THEN a.facts ELSE a.facts - '{reason,author,note}'::text[] END::text,
       coalesce(a.facts ->> 'author', ''),
       (a.decision -> 'a')::text, (a.decision -> 'r')::text,
       a.decision #>> '{paid,points}'
FROM generate_series(0, %(shards)s - 1) AS here (shard)
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = here.shard AND a.member_id = ANY(%(members)s::uuid[])
LEFT JOIN zones ON zones.store = a.store
