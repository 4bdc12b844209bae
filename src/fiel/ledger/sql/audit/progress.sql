-- How far members are with milestones is the sum of what their activities advanced; a streak has
-- a mark for each period in which something counts, and for no other.
WITH step AS (
  SELECT a.member_id, each ->> 0 AS counter, coalesce((each ->> 1)::bigint, 0) AS added,
         coalesce((each ->> 2)::integer, 0) AS reached, coalesce((each ->> 3)::integer, 0) AS kept,
         (each ->> 4)::integer AS period
  FROM activity a
  CROSS JOIN LATERAL jsonb_array_elements(a.decision -> 'm') AS each
  WHERE a.program_id = %(program)s AND a.shard = %(shard)s
    AND a.member_id > %(after)s AND a.member_id <= %(until)s
), told AS (
  SELECT member_id, counter, sum(added) AS total, sum(reached) AS reached, sum(kept) AS kept
  FROM step
  GROUP BY member_id, counter
), counting AS (
  SELECT member_id, counter, period
  FROM step
  WHERE period IS NOT NULL
  GROUP BY member_id, counter, period
  HAVING sum(added) > 0
), stands AS (
  SELECT member_id, counter, total, reached, kept, first_period, marks
  FROM progress
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
), marked AS (
  SELECT member_id, counter, count(period) AS periods,
         coalesce(bool_and(CASE WHEN period BETWEEN first_period
                                          AND first_period + length(marks) * 8 - 1
                                THEN get_bit(marks, (period - first_period)::bigint) = 1
                                ELSE false END), true) AS ties
  FROM stands
  LEFT JOIN counting USING (member_id, counter)
  WHERE period IS NOT NULL OR length(marks) > 0
  GROUP BY member_id, counter
)
SELECT member_id, 'progress with ' || counter,
       concat_ws(' ', told.total, told.reached, told.kept, marked.periods),
       concat_ws(' ', stands.total, stands.reached, stands.kept, bit_count(stands.marks))
FROM told
FULL JOIN stands USING (member_id, counter)
LEFT JOIN marked USING (member_id, counter)
WHERE (told.total, told.reached, told.kept)
      IS DISTINCT FROM (stands.total::numeric, stands.reached::bigint, stands.kept::bigint)
   OR coalesce(marked.periods, 0) <> coalesce(bit_count(stands.marks), 0)
   OR NOT coalesce(marked.ties, true)
