-- The transfers of the activities that became visible between two snapshots, with their moments
-- where those are not the activity's. Points end with a day: what ends (12) at the program's midnight
-- belongs to the day before. Locks nothing.
WITH zones AS (
  SELECT store, zone FROM unnest(%(stores)s::text[], %(zones)s::text[]) AS z (store, zone)
), news AS (
  SELECT DISTINCT new.shard, new.member_id, new.activity_id
  FROM generate_series(0, %(shards)s - 1) AS here (shard)
  CROSS JOIN LATERAL (
    SELECT shard, member_id, activity_id FROM outbox
    WHERE program_id = %(program)s AND shard = here.shard AND sequence >= %(since_sequence)s
      AND (%(since)s::text IS NULL
           OR NOT pg_visible_in_snapshot((sequence >> 16)::text::xid8, %(since)s::text::pg_snapshot))
  ) AS new
)
SELECT t.id, t.activity_id, t.unit, t.debit, t.credit, t.points,
       CASE WHEN t.occurred_at <> a.occurred_at THEN t.occurred_at AT TIME ZONE 'UTC' END,
       CASE WHEN t.credit = 12
         THEN ((t.occurred_at - interval '1 microsecond') AT TIME ZONE %(zone)s)::date
            WHEN t.occurred_at <> a.occurred_at
         THEN (t.occurred_at AT TIME ZONE coalesce(zones.zone, %(zone)s))::date END
FROM news
JOIN transfer t
  ON t.program_id = %(program)s AND t.shard = news.shard AND t.member_id = news.member_id
     AND t.activity_id = news.activity_id
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = t.shard AND a.member_id = t.member_id
     AND a.id = t.activity_id
LEFT JOIN zones ON zones.store = a.store
