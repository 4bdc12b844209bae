-- What was sold on each day of the program's zone on which something was. No locks.
SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day, count(*)::bigint, sum(net)::bigint
FROM activity
WHERE program_id = %(program)s AND kind = 'sale'
GROUP BY 1
ORDER BY 1
