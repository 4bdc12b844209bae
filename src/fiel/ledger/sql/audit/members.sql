-- The end of the next stretch of standings to prove, how many it holds, and how many of them are
-- members, also those who were merged or erased: a sale to nobody has a standing too, claimed or not.
WITH stretch AS (
  SELECT member_id, status
  FROM standing
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id > %(after)s
  ORDER BY member_id
  LIMIT %(most)s
)
SELECT count(*), max(member_id::text), count(*) FILTER (WHERE status NOT IN ('nameless', 'claimed'))
FROM stretch
