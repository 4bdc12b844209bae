-- Read members of one shard of whom points start or end up to a moment, by when that is, after the
-- one that was looked at last. Locks nothing.
SELECT changes_at, member_id
FROM account
WHERE program_id = %(program)s AND shard = %(shard)s
  AND changes_at <= %(until)s::timestamptz AND changes_at < 'infinity'
  AND (changes_at, member_id) > (%(after_at)s::timestamptz, %(after_id)s::uuid)
ORDER BY changes_at, member_id
LIMIT %(most)s::integer
