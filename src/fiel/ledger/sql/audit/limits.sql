-- Every use of a limit is the sum of the uses that decisions tell of.
WITH decided AS (
  SELECT a.member_id, used ->> 0 AS rule, (used ->> 1)::date AS period_start,
         sum((used ->> 2)::integer) AS used
  FROM activity a
  CROSS JOIN LATERAL jsonb_array_elements(a.decision -> 'l') AS used
  WHERE a.program_id = %(program)s AND a.shard = %(shard)s
    AND a.member_id > %(after)s AND a.member_id <= %(until)s
  GROUP BY a.member_id, used ->> 0, (used ->> 1)::date
), kept AS (
  SELECT member_id, rule, period_start, used
  FROM limit_use
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
)
SELECT member_id, 'limit of ' || rule || ' from ' || period_start::text, decided.used::text,
       kept.used::text
FROM decided FULL JOIN kept USING (member_id, rule, period_start)
WHERE decided.used IS DISTINCT FROM kept.used
