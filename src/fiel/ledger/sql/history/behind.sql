-- Pick the transfers that explain what a member has: what made these lots or drew on them, what is
-- held and what is owed. Locks nothing.
WITH picked AS (
  SELECT id, unit, points, debit, credit, occurred_at, recorded_at, activity_id, pair_id,
         NULL::bigint AS balance
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND least(occurred_at, recorded_at) < %(until)s
    AND (id = ANY(%(lots)s::uuid[])
         OR debit IN (3, 4) OR credit IN (3, 4)
         OR id IN (SELECT transfer_id FROM draw
                   WHERE program_id = %(program)s AND shard = %(shard)s
                     AND member_id = %(member)s AND lot_id = ANY(%(lots)s::uuid[])))
)
