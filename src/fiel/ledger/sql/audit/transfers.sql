-- How many transfers a stretch of members has.
SELECT count(*)
FROM transfer
WHERE program_id = %(program)s AND shard = %(shard)s
  AND member_id > %(after)s AND member_id <= %(until)s
