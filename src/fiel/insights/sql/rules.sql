-- What each rule gave of each unit, and in how many awards. No locks.
SELECT award ->> 0 AS rule, award ->> 1 AS unit, sum((award ->> 2)::bigint)::bigint, count(*)::bigint
FROM activity, jsonb_array_elements(decision -> 'a') AS award
WHERE program_id = %(program)s
GROUP BY 1, 2
ORDER BY 1, 2
