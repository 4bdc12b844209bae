-- Whether any member of a shard is in a segment. Locks nothing.
SELECT EXISTS (
  SELECT FROM standing
  WHERE program_id = %(program)s AND shard = %(shard)s AND segments <> '{}'
)
