-- Read members of one shard whose tier is to be looked at up to a moment, by when that is, after the
-- one that was looked at last. Locks nothing.
SELECT review_at, member_id
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s
  AND review_at <= %(until)s::timestamptz AND review_at IS NOT NULL
  AND (review_at, member_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
ORDER BY review_at, member_id
LIMIT %(most)s::integer
