-- Count awards against the limits of rules; the members are locked.
INSERT INTO limit_use (program_id, shard, member_id, rule, period_start, used)
SELECT %(program)s::uuid, %(shard)s::smallint, member_id, rule, period_start, used
FROM unnest(%(limit_member)s::uuid[], %(limit_rule)s::text[], %(limit_period)s::date[],
            %(limit_used)s::integer[]) AS u (member_id, rule, period_start, used)
ON CONFLICT (shard, member_id, rule, period_start) DO UPDATE SET used = excluded.used
