-- Write which lots debits took from, and count it on the lots; the members are locked.
WITH kept AS (
  INSERT INTO draw (program_id, shard, member_id, transfer_id, lot_id, points)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, transfer_id, lot_id, points
  FROM unnest(%(draw_member)s::uuid[], %(draw_transfer)s::uuid[], %(draw_lot)s::uuid[],
              %(draw_points)s::bigint[]) AS d (member_id, transfer_id, lot_id, points)
)
UPDATE lot
SET drawn = taken.drawn, activated = taken.activated, ends_at = taken.ends_at
FROM unnest(%(lot_member)s::uuid[], %(lot_id)s::uuid[], %(lot_drawn)s::bigint[],
            %(lot_activated)s::boolean[], %(lot_ends_at)s::timestamptz[])
       AS taken (member_id, id, drawn, activated, ends_at)
WHERE lot.program_id = %(program)s AND lot.shard = %(shard)s
  AND lot.member_id = taken.member_id AND lot.id = taken.id
