-- Read what a member's activities did to one milestone, the newest first. Locks nothing.
SELECT a.id, a.decision::text
FROM activity a
WHERE a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
  AND a.decision @> jsonb_build_object('m', jsonb_build_array(jsonb_build_array(%(counter)s::text)))
ORDER BY a.recorded_at DESC, a.id DESC
