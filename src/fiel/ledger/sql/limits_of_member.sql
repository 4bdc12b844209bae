-- Read how often rules awarded one member, in whatever period; the member is locked.
SELECT rule, period_start, used
FROM limit_use
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
