-- Read how often rules awarded members in the periods that matter.
SELECT member_id, rule, period_start, used
FROM limit_use
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
  AND rule = ANY(%(rules)s::text[]) AND period_start = ANY(%(periods)s::date[])
