-- Read the lots that one activity of a member's made; the member is locked.
SELECT id
FROM lot
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND activity_id = %(activity)s
