-- Members of whom it must be looked at one by one what had ended by a moment: of those who owe, or
-- whose points end by doing nothing, and of those who were told of later what kept points from
-- ending so. Locks nothing.
SELECT shard, member_id
FROM account
WHERE program_id = %(program)s
  AND ((inactive_at <= %(until)s AND (available_in > available_out OR pending_in > pending_out))
       OR (changes_at <= %(until)s AND (debt_in <> debt_out OR inactive_at < 'infinity')))
UNION
SELECT t.shard, t.member_id
FROM transfer t
WHERE t.program_id = %(program)s AND t.unit = ANY(%(idle)s::text[])
  AND t.recorded_at >= %(until)s AND t.occurred_at < %(until)s
  AND t.credit <> 12 AND NOT (t.debit < 10 AND t.credit < 10)
  AND EXISTS (SELECT FROM activity a
              WHERE a.program_id = %(program)s AND a.shard = t.shard
                AND a.member_id = t.member_id AND a.recorded_at < %(until)s
                AND (a.decision -> 'idle_until' ->> t.unit)::timestamptz <= %(until)s)
