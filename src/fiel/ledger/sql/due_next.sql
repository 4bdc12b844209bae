-- When something of the members of one shard falls due next, after a moment: points that start or
-- end, points that nothing keeps alive, tiers that are looked at. Locks nothing.
SELECT least(
  (SELECT min(changes_at) FROM account
   WHERE program_id = %(program)s AND shard = %(shard)s
     AND changes_at > %(after_at)s::timestamptz AND changes_at < 'infinity'),
  (SELECT min(inactive_at) FROM account
   WHERE program_id = %(program)s AND shard = %(shard)s
     AND inactive_at > %(after_at)s::timestamptz AND inactive_at < 'infinity'),
  (SELECT min(review_at) FROM standing
   WHERE program_id = %(program)s AND shard = %(shard)s
     AND review_at > %(after_at)s::timestamptz AND review_at IS NOT NULL))
