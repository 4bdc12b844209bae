-- Lock the budgets that a posting may take from, after the members and in a fixed order.
SELECT rule, unit, used
FROM budget
WHERE program_id = %(program)s AND rule = ANY(%(rules)s::text[])
ORDER BY rule, unit, slot
FOR NO KEY UPDATE
