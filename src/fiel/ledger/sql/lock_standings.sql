-- Lock the members of one shard that a posting is about, in the order of their ids.
-- Lock order of a posting: standings by member, budgets by rule and unit, keys by value.
SELECT member_id
FROM standing
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
ORDER BY member_id
FOR NO KEY UPDATE
