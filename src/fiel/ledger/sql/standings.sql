-- Read where members stand; after the lock, in a snapshot of its own.
SELECT member_id, status, joined_at, tier, tier_since, spend, visits, window_from, window_until,
       window_spend, window_points, window_visits, first_activity_at, last_activity_at, sequence,
       tier_until, review_at, review_from, dropped::text, segments
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
