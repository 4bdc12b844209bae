-- Write which lots debits took from, and count it on the lots; the members are locked.
-- The lots are there already: they are found as conflicts, which goes by the unique index whatever
-- the planner believes of the table. An UPDATE planned while there were few lots reads all of them.
WITH kept AS (
  INSERT INTO draw (program_id, shard, member_id, transfer_id, lot_id, points)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, transfer_id, lot_id, points
  FROM unnest(%(draw_member)s::uuid[], %(draw_transfer)s::uuid[], %(draw_lot)s::uuid[],
              %(draw_points)s::bigint[]) AS d (member_id, transfer_id, lot_id, points)
)
INSERT INTO lot (program_id, shard, member_id, id, activity_id, unit, worth, points, drawn,
                 starts_at, ends_at, activated, origin)
SELECT %(program)s::uuid, %(shard)s::smallint, member_id, id, activity_id, unit, worth, points, drawn,
       starts_at, ends_at, activated, origin
FROM unnest(%(lot_member)s::uuid[], %(lot_id)s::uuid[], %(lot_activity)s::uuid[],
            %(lot_unit)s::text[], %(lot_worth)s::numeric[], %(lot_points)s::bigint[],
            %(lot_drawn)s::bigint[], %(lot_starts_at)s::timestamptz[],
            %(lot_ends_at)s::timestamptz[], %(lot_activated)s::boolean[], %(lot_origin)s::uuid[])
     AS l (member_id, id, activity_id, unit, worth, points, drawn, starts_at, ends_at, activated,
           origin)
ON CONFLICT (shard, member_id, id) DO UPDATE
SET drawn = excluded.drawn, activated = excluded.activated, ends_at = excluded.ends_at
