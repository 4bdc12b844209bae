-- Which of these names of activities are taken, and by which activity of which member.
SELECT k.kind, k.source, k.external_id, k.shard, k.member_id, k.activity_id
FROM unnest(%(kinds)s::text[], %(sources)s::text[], %(external_ids)s::text[])
       AS asked (kind, source, external_id)
CROSS JOIN LATERAL (
  -- One look at the index for each name, whatever the planner believes of the table.
  SELECT kind, source, external_id, shard, member_id, activity_id
  FROM activity_key
  WHERE program_id = %(program)s AND kind = asked.kind AND source = asked.source
    AND external_id = asked.external_id
  OFFSET 0
) AS k
