-- Count what a posting gave out of budgets; their rows are locked since before the decision.
UPDATE budget
SET used = budget.used + spent.points
FROM unnest(%(rules)s::text[], %(units)s::text[], %(points)s::bigint[])
       AS spent (rule, unit, points)
WHERE budget.program_id = %(program)s AND budget.rule = spent.rule
  AND budget.unit = spent.unit AND budget.slot = 0
