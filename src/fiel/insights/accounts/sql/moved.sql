-- How many points of each unit moved between which places, by the time in which they did: time n
-- lies before the n-th of the bounds, counted from 0. A transfer counts from when it happened; what
-- was told ahead of its time, from when it was told. What ends at the very moment when a time is
-- over (12) belongs to that time. Locks nothing.
SELECT unit,
       width_bucket(least(occurred_at, recorded_at)
                      - CASE WHEN credit = 12 THEN interval '1 microsecond'
                             ELSE interval '0 microseconds' END,
                    %(bounds)s::timestamptz[]) AS bucket,
       debit, credit, sum(points)::bigint
FROM transfer
WHERE program_id = %(program)s
GROUP BY 1, 2, 3, 4
