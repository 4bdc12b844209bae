-- The redemptions that have changed since a snapshot, one row for each unit. Locks nothing.
WITH zones AS (
  SELECT store, zone FROM unnest(%(stores)s::text[], %(zones)s::text[]) AS z (store, zone)
)
SELECT r.id, r.member_id, r.reward, r.kind, r.quantity, r.status, paid.unit,
       coalesce(paid.points::bigint, 0), r.made_at AT TIME ZONE 'UTC',
       r.captured_at AT TIME ZONE 'UTC',
       (r.made_at AT TIME ZONE coalesce(zones.zone, %(zone)s))::date, r.store, r.author,
       r.milestone, r.version
FROM redemption r
LEFT JOIN LATERAL jsonb_each_text(r.spent) AS paid (unit, points) ON true
LEFT JOIN zones ON zones.store = r.store
WHERE r.program_id = %(program)s
  AND (%(since_age)s::integer IS NULL OR age(r.xmin) <= %(since_age)s)
