-- All transfers with their moments, where every store has the program's days: whose activities are
-- told is known where they are put together. Points end with a day: what ends (12) at midnight
-- belongs to the day before. Locks nothing.
SELECT t.id, t.activity_id, t.unit, t.debit, t.credit, t.points, t.occurred_at AT TIME ZONE 'UTC',
       ((CASE WHEN t.credit = 12 THEN t.occurred_at - interval '1 microsecond'
              ELSE t.occurred_at END) AT TIME ZONE %(zone)s)::date
FROM transfer t
WHERE t.program_id = %(program)s
