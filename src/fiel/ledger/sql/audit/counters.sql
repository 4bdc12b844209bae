-- Every counter of an account is the sum of the transfers in or out of that place.
WITH moved AS (
  SELECT member_id, unit,
         coalesce(sum(points) FILTER (WHERE credit = 1), 0) AS available_in,
         coalesce(sum(points) FILTER (WHERE debit = 1), 0) AS available_out,
         coalesce(sum(points) FILTER (WHERE credit = 2), 0) AS pending_in,
         coalesce(sum(points) FILTER (WHERE debit = 2), 0) AS pending_out,
         coalesce(sum(points) FILTER (WHERE credit = 3), 0) AS held_in,
         coalesce(sum(points) FILTER (WHERE debit = 3), 0) AS held_out,
         coalesce(sum(points) FILTER (WHERE credit = 4), 0) AS debt_in,
         coalesce(sum(points) FILTER (WHERE debit = 4), 0) AS debt_out,
         coalesce(sum(CASE WHEN debit = 10 THEN points WHEN credit = 10 THEN -points END), 0)
           AS issued
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
  GROUP BY member_id, unit
), counted AS (
  SELECT member_id, unit, available_in, available_out, pending_in, pending_out, held_in, held_out,
         debt_in, debt_out, issued
  FROM account
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
)
SELECT member_id, 'counters of ' || unit, row_to_json(moved)::text, row_to_json(counted)::text
FROM moved FULL JOIN counted USING (member_id, unit)
WHERE (moved.available_in, moved.available_out, moved.pending_in, moved.pending_out,
       moved.held_in, moved.held_out, moved.debt_in, moved.debt_out, moved.issued)
      IS DISTINCT FROM
      (counted.available_in, counted.available_out, counted.pending_in, counted.pending_out,
       counted.held_in, counted.held_out, counted.debt_in, counted.debt_out, counted.issued)
  AND (coalesce(moved.available_in, moved.pending_in, moved.debt_in, 0) <> 0
       OR coalesce(counted.available_in + counted.pending_in + counted.held_in
                   + counted.debt_out + counted.issued, 0) <> 0)
