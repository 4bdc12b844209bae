-- Read which lots one transfer of a member's drew on, in the order in which it did: what ends
-- soonest is drawn first.
SELECT d.lot_id, d.points
FROM draw d
JOIN lot l
  ON l.program_id = d.program_id AND l.shard = d.shard AND l.member_id = d.member_id
     AND l.id = d.lot_id
WHERE d.program_id = %(program)s AND d.shard = %(shard)s AND d.member_id = %(member)s
  AND d.transfer_id = %(transfer)s
ORDER BY l.ends_at, l.id
