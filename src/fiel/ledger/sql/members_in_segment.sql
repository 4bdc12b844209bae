-- Find the next active members of a shard who are in a segment, in the order of their ids. Locks
-- nothing.
SELECT member_id
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s AND status = 'active'
  AND segments <> '{}' AND segments @> ARRAY[%(segment)s::text] AND member_id > %(after)s::uuid
ORDER BY member_id
LIMIT %(most)s::integer
