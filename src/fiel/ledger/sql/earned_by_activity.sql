-- Read the points that one activity of a member's issued, by unit; the member is locked.
SELECT unit, sum(points)::bigint
FROM transfer
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND activity_id = %(activity)s AND debit = 10
GROUP BY unit
