-- Read when the open lots of members were earned, of those whose dates follow from the program's
-- rule: not of what was moved here with its dates, nor of what was given or brought in with a date
-- of its own. Locks nothing; the members are locked where dates are to be changed.
SELECT l.member_id, l.id, coalesce(a.counts_at, t.occurred_at)
FROM lot l
JOIN transfer t
  ON t.program_id = l.program_id AND t.shard = l.shard AND t.member_id = l.member_id AND t.id = l.id
JOIN activity a
  ON a.program_id = l.program_id AND a.shard = l.shard AND a.member_id = l.member_id
     AND a.id = l.activity_id
WHERE l.program_id = %(program)s AND l.shard = %(shard)s AND l.member_id = ANY(%(members)s::uuid[])
  AND l.drawn < l.points AND l.origin IS NULL
  AND (a.kind <> 'balance' OR a.facts ->> 'lasts' = 'program')
  AND (a.kind <> 'adjustment' OR a.facts ->> 'expires_at' IS NULL)
