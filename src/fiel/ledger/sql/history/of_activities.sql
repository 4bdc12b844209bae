-- Pick the transfers that some activities of a member made. Locks nothing.
WITH picked AS (
  SELECT id, unit, points, debit, credit, occurred_at, recorded_at, activity_id, pair_id,
         NULL::bigint AS balance
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND activity_id = ANY(%(activities)s::uuid[])
)
