-- Read members of one shard whose points end up to a moment because nothing happened, by when that
-- is, after the one that was looked at last. Locks nothing.
SELECT inactive_at, member_id
FROM account
WHERE program_id = %(program)s AND shard = %(shard)s
  AND inactive_at <= %(until)s::timestamptz AND inactive_at < 'infinity'
  AND (inactive_at, member_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
ORDER BY inactive_at, member_id
LIMIT %(most)s::integer
