-- How many points that were earned in some lots, and moved to this member, were lost here by
-- expiring, by unit. Locks nothing; the member is locked.
SELECT l.unit, sum(d.points)::bigint
FROM lot l
JOIN draw d
  ON d.program_id = l.program_id AND d.shard = l.shard AND d.member_id = l.member_id
     AND d.lot_id = l.id
JOIN transfer t
  ON t.program_id = d.program_id AND t.shard = d.shard AND t.member_id = d.member_id
     AND t.id = d.transfer_id AND t.credit = 12
WHERE l.program_id = %(program)s AND l.shard = %(shard)s AND l.member_id = %(member)s
  AND l.origin = ANY(%(origins)s::uuid[])
GROUP BY l.unit
