-- How many active members hold each tier. No locks.
SELECT tier, count(*)::bigint
FROM standing
WHERE program_id = %(program)s AND status = 'active'
GROUP BY tier
ORDER BY tier
