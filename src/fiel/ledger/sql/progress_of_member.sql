-- Read all that a member's milestones count, and the badges that are held. Locks nothing.
SELECT counter, total, reached, kept, first_period, marks, reached_at
FROM progress
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
ORDER BY counter
