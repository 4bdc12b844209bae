-- The end of the next stretch of members to prove, and how much it holds.
WITH stretch AS (
  SELECT member_id
  FROM standing
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id > %(after)s
  ORDER BY member_id
  LIMIT %(most)s
)
SELECT count(*), max(member_id::text)
FROM stretch
