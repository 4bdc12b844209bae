-- Which of these names of activities are taken, and by which activity of which member.
SELECT k.kind, k.source, k.external_id, k.shard, k.member_id, k.activity_id
FROM unnest(%(kinds)s::text[], %(sources)s::text[], %(external_ids)s::text[])
       AS asked (kind, source, external_id)
JOIN activity_key k
  ON k.program_id = %(program)s AND k.kind = asked.kind AND k.source = asked.source
     AND k.external_id = asked.external_id
