-- Pick a member's transfers from a moment on, before another; what ends at a moment belongs to the
-- time before it. Locks nothing.
WITH picked AS (
  SELECT id, unit, points, debit, credit, occurred_at, recorded_at, activity_id, pair_id,
         NULL::bigint AS balance
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND (least(occurred_at, recorded_at) > %(since)s
         OR (credit <> 12 AND least(occurred_at, recorded_at) = %(since)s))
    AND (least(occurred_at, recorded_at) < %(until)s
         OR (credit = 12 AND least(occurred_at, recorded_at) = %(until)s))
)
