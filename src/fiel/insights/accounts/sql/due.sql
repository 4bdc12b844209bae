-- Lots that ended by a moment and are not booked so, of accounts that owe nothing and do not end by
-- doing nothing: all that is left in them is gone. Whatever was posted for a member since would have
-- booked it, so what is left now was left then. Locks nothing.
SELECT l.id, l.unit, l.points - l.drawn, l.ends_at
FROM lot l
JOIN account a
  ON a.program_id = l.program_id AND a.shard = l.shard AND a.member_id = l.member_id
     AND a.unit = l.unit
WHERE l.program_id = %(program)s AND l.drawn < l.points AND l.ends_at <= %(until)s
  AND a.debt_in = a.debt_out AND a.inactive_at = 'infinity'
