-- Lock those of these members of one shard whom nobody else works on, in the order of their ids;
-- the others are left to whoever does.
SELECT member_id
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
ORDER BY member_id
FOR NO KEY UPDATE SKIP LOCKED
