-- Read how far members are with what milestones count.
SELECT member_id, counter, total, reached, kept, first_period, marks
FROM progress
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
  AND counter = ANY(%(counters)s::text[])
