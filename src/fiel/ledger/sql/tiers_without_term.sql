-- Read members of one shard who hold one of these tiers without a term, in the order of their ids.
-- Locks nothing.
SELECT member_id
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id > %(after)s::uuid
  AND review_at IS NULL AND tier = ANY(%(tiers)s::text[])
ORDER BY member_id
LIMIT %(most)s::integer
