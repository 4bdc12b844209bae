-- Every budget is what decisions took from it.
WITH decided AS (
  SELECT taken ->> 0 AS rule, taken ->> 1 AS unit, sum((taken ->> 2)::bigint) AS used
  FROM activity a
  CROSS JOIN LATERAL jsonb_array_elements(a.decision -> 'b') AS taken
  WHERE a.program_id = %(program)s AND a.decision ? 'b'
  GROUP BY taken ->> 0, taken ->> 1
), kept AS (
  SELECT rule, unit, sum(used) AS used
  FROM budget
  WHERE program_id = %(program)s
  GROUP BY rule, unit
)
SELECT NULL::uuid, 'budget of ' || rule || ' in ' || unit, coalesce(decided.used, 0)::text,
       coalesce(kept.used, 0)::text
FROM decided FULL JOIN kept USING (rule, unit)
WHERE coalesce(decided.used, 0) <> coalesce(kept.used, 0)
