-- Make the rows of budgets that were never taken from, in a fixed order.
INSERT INTO budget (program_id, rule, unit)
SELECT %(program)s::uuid, asked.rule, asked.unit
FROM unnest(%(rules)s::text[], %(units)s::text[]) AS asked (rule, unit)
ORDER BY asked.rule, asked.unit
ON CONFLICT DO NOTHING
