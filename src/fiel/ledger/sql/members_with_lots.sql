-- Read members of one shard who have open lots, in the order of their ids. Locks nothing.
SELECT s.member_id
FROM standing s
WHERE s.program_id = %(program)s AND s.shard = %(shard)s AND s.member_id > %(after)s::uuid
  AND EXISTS (SELECT FROM lot l
              WHERE l.program_id = s.program_id AND l.shard = s.shard
                AND l.member_id = s.member_id AND l.drawn < l.points)
ORDER BY s.member_id
LIMIT %(most)s::integer
