-- Read all that ever counted for members of one shard, and when; they are locked.
SELECT member_id, id, coalesce(counts_at, occurred_at), (decision #>> '{c,0}')::bigint,
       (decision #>> '{c,1}')::bigint, (decision #>> '{c,2}')::bigint
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
  AND decision -> 'c' IS NOT NULL
ORDER BY occurred_at, id
