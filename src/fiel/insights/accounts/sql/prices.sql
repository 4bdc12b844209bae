-- What was paid for the sales that earned points of value, less what came back of them, by month and
-- version, and by the time in which it was: what counted as spend, which is goods before tax without
-- what points paid. Time n lies before the n-th of the bounds, counted from 0. A sale that was claimed
-- earned by its claim; what comes back of it names the sale. Points of some sales all paid a debt, and
-- are in no lot. Several rows may tell of the same month. Locks nothing.
SELECT months.month, told.version, told.bucket, sum(told.net)::bigint
FROM (
  SELECT a.id, a.version, least(a.occurred_at, a.recorded_at) AS earned_at,
         (a.decision #>> '{c,0}')::bigint AS net,
         width_bucket(least(a.occurred_at, a.recorded_at), %(bounds)s::timestamptz[]) AS bucket
  FROM activity a
  WHERE a.program_id = %(program)s AND a.kind IN ('sale', 'claim')
  UNION ALL
  SELECT a.id, a.version, least(a.occurred_at, a.recorded_at),
         (r.decision #>> '{c,0}')::bigint,
         width_bucket(least(r.occurred_at, r.recorded_at), %(bounds)s::timestamptz[])
  FROM activity r
  LEFT JOIN activity claim
    ON claim.program_id = %(program)s AND claim.kind = 'claim' AND claim.about = r.about
       AND jsonb_exists(claim.decision, 'a')
  JOIN activity a ON a.program_id = %(program)s AND a.id = coalesce(claim.id, r.about)
  WHERE r.program_id = %(program)s AND r.kind = 'return' AND r.about IS NOT NULL
) AS told
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month = date_trunc('month', told.earned_at AT TIME ZONE %(zone)s)::date
WHERE told.id IN (
  SELECT activity_id FROM lot
  WHERE program_id = %(program)s AND unit = ANY(%(units)s::text[])
  UNION ALL
  SELECT activity_id FROM transfer
  WHERE program_id = %(program)s AND unit = ANY(%(units)s::text[]) AND debit = 10 AND credit = 4
)
GROUP BY 1, 2, 3
