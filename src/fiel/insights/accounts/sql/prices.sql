-- What was paid for the sales that earned points of value before a moment, less what came back of
-- them, by month and version: what counted as spend, which is goods before tax without what points
-- paid. Locks nothing.
WITH earned AS MATERIALIZED (
  SELECT DISTINCT activity_id
  FROM transfer
  WHERE program_id = %(program)s AND debit = 10 AND unit = ANY(%(units)s::text[])
    AND least(occurred_at, recorded_at) < %(until)s
), counted AS MATERIALIZED (
  SELECT id, kind, version, about, least(occurred_at, recorded_at) AS at,
         coalesce((decision #>> '{c,0}')::bigint, 0) AS paid
  FROM activity
  WHERE program_id = %(program)s AND kind IN ('sale', 'claim', 'return')
    AND least(occurred_at, recorded_at) < %(until)s
), returned AS (
  SELECT about, sum(paid) AS paid
  FROM counted
  WHERE kind = 'return'
  GROUP BY about
)
SELECT date_trunc('month', sale.at AT TIME ZONE %(zone)s)::date, sale.version,
       sum(sale.paid + coalesce(returned.paid, 0))::bigint
FROM counted AS sale
JOIN earned ON earned.activity_id = sale.id
LEFT JOIN returned ON returned.about = sale.id
WHERE sale.kind <> 'return'
GROUP BY 1, 2
