-- Of each unit what was ever given, what is open and has not ended, and what that is worth in
-- money, each lot at the value its points had when they were earned. No locks.
WITH given AS (
  SELECT unit, sum(issued)::bigint AS points
  FROM account
  WHERE program_id = %(program)s
  GROUP BY unit
), open AS (
  SELECT unit, sum(points - drawn)::bigint AS points, sum((points - drawn) * worth) AS worth
  FROM lot
  WHERE program_id = %(program)s AND drawn < points AND ends_at > %(now)s
  GROUP BY unit
)
SELECT unit, coalesce(given.points, 0), coalesce(open.points, 0), open.worth
FROM given FULL JOIN open USING (unit)
ORDER BY unit
