-- Every balance is what its open lots hold: available in those that started, pending in the rest.
WITH held AS (
  SELECT member_id, unit,
         coalesce(sum(points - drawn) FILTER (WHERE activated), 0) AS available,
         coalesce(sum(points - drawn) FILTER (WHERE NOT activated), 0) AS pending,
         min(least(CASE WHEN activated THEN 'infinity' ELSE starts_at END, ends_at))
           AS changes_at
  FROM lot
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s AND drawn < points
  GROUP BY member_id, unit
), counted AS (
  SELECT member_id, unit, available_in - available_out AS available,
         pending_in - pending_out AS pending, changes_at
  FROM account
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
)
SELECT member_id, 'balance of ' || unit, row_to_json(held)::text, row_to_json(counted)::text
FROM held FULL JOIN counted USING (member_id, unit)
WHERE (coalesce(held.available, 0), coalesce(held.pending, 0),
       coalesce(held.changes_at, 'infinity'))
      IS DISTINCT FROM
      (coalesce(counted.available, 0), coalesce(counted.pending, 0),
       coalesce(counted.changes_at, 'infinity'))
