-- How many people are members, and of how many the birthday is known. No locks.
SELECT count(*)::bigint, count(birthday)::bigint
FROM member
WHERE program_id = %(program)s AND status = 'active'
