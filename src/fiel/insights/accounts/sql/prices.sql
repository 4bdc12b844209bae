-- What was paid for the sales that earned points of value before a moment, less what came back of
-- them, by month and version: what counted as spend, which is goods before tax without what points
-- paid. A sale that was claimed earned by its claim; what comes back of it names the sale. Points of
-- some sales all paid a debt, and are in no lot. Several rows may tell of the same month; months are
-- joined so that few groups are expected. Locks nothing.
SELECT months.month, a.version, sum((a.decision #>> '{c,0}')::bigint)::bigint
FROM activity a
JOIN unnest(%(months)s::date[]) AS months (month)
  ON months.month
     = date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date
WHERE a.program_id = %(program)s AND a.kind IN ('sale', 'claim')
  AND least(a.occurred_at, a.recorded_at) < %(until)s
  AND EXISTS (SELECT FROM lot l
              WHERE l.program_id = %(program)s AND l.unit = ANY(%(units)s::text[])
                AND l.activity_id = a.id)
GROUP BY 1, 2
UNION ALL
SELECT date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date,
       a.version, sum((a.decision #>> '{c,0}')::bigint)::bigint
FROM (SELECT DISTINCT activity_id FROM transfer
      WHERE program_id = %(program)s AND unit = ANY(%(units)s::text[])
        AND debit = 10 AND credit = 4) AS debts
JOIN activity a ON a.program_id = %(program)s AND a.id = debts.activity_id
WHERE a.kind IN ('sale', 'claim') AND least(a.occurred_at, a.recorded_at) < %(until)s
  AND NOT EXISTS (SELECT FROM lot l
                  WHERE l.program_id = %(program)s AND l.unit = ANY(%(units)s::text[])
                    AND l.activity_id = a.id)
GROUP BY 1, 2
UNION ALL
SELECT date_trunc('month', least(a.occurred_at, a.recorded_at) AT TIME ZONE %(zone)s)::date,
       a.version, sum((r.decision #>> '{c,0}')::bigint)::bigint
FROM activity r
LEFT JOIN activity claim
  ON claim.program_id = %(program)s AND claim.kind = 'claim' AND claim.about = r.about
     AND jsonb_exists(claim.decision, 'a')
JOIN activity a ON a.program_id = %(program)s AND a.id = coalesce(claim.id, r.about)
WHERE r.program_id = %(program)s AND r.kind = 'return'
  AND least(r.occurred_at, r.recorded_at) < %(until)s
  AND (a.id IN (SELECT activity_id FROM lot
                WHERE program_id = %(program)s AND unit = ANY(%(units)s::text[]))
       OR a.id IN (SELECT activity_id FROM transfer
                   WHERE program_id = %(program)s AND unit = ANY(%(units)s::text[])
                     AND debit = 10 AND credit = 4))
GROUP BY 1, 2
