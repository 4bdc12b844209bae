-- Of each unit what moved into and out of members' accounts, ever; what is held and owed; what is
-- open and has not ended, and what that is worth in money, each lot at the value its points had when
-- they were earned. What has ended and is not booked so counts as expired. No locks.
WITH moved AS (
  SELECT unit,
         sum(points) FILTER (WHERE debit = 10) AS given,
         sum(points) FILTER (WHERE debit = 17) AS brought,
         sum(points) FILTER (WHERE credit = 10) AS taken_back,
         sum(points) FILTER (WHERE credit = 11) AS redeemed,
         sum(points) FILTER (WHERE debit = 11) AS restored,
         sum(points) FILTER (WHERE credit = 12) AS expired,
         sum(points) FILTER (WHERE debit = 13) AS uncollected,
         sum(CASE WHEN debit = 16 THEN points ELSE -points END) FILTER (WHERE 16 IN (debit, credit))
           AS adjusted
  FROM transfer
  WHERE program_id = %(program)s
  GROUP BY unit
), stands AS (
  SELECT unit, sum(held_in - held_out) AS held, sum(debt_out - debt_in) AS owed
  FROM account
  WHERE program_id = %(program)s
  GROUP BY unit
), lots AS (
  SELECT lot.unit, lot.points - lot.drawn AS points, lot.worth,
         lot.ends_at <= %(now)s
           OR (account.inactive_at <= %(now)s AND lot.starts_at < account.inactive_at) AS ended
  FROM lot
  JOIN account USING (program_id, shard, member_id, unit)
  WHERE lot.program_id = %(program)s AND lot.drawn < lot.points
), open AS (
  SELECT unit, sum(points) FILTER (WHERE ended) AS ended,
         sum(points) FILTER (WHERE NOT ended) AS points,
         sum(points * worth) FILTER (WHERE NOT ended) AS worth
  FROM lots
  GROUP BY unit
)
SELECT unit, coalesce(given, 0)::bigint, coalesce(brought, 0)::bigint,
       coalesce(taken_back, 0)::bigint, coalesce(redeemed, 0)::bigint,
       coalesce(restored, 0)::bigint, (coalesce(expired, 0) + coalesce(ended, 0))::bigint,
       coalesce(uncollected, 0)::bigint, coalesce(adjusted, 0)::bigint, coalesce(held, 0)::bigint,
       coalesce(owed, 0)::bigint, coalesce(open.points, 0)::bigint, open.worth
FROM moved FULL JOIN stands USING (unit) FULL JOIN open USING (unit)
ORDER BY unit
