-- Which sales bear a name, whoever told it, or were named by a till at that very moment: then the
-- name of the sale begins as `begins`, from `first` up to `beyond`. Locks nothing.
WITH RECURSIVE told AS (
  -- The sources of the program's sales, one look at the index for each.
  (SELECT source FROM activity_key
   WHERE program_id = %(program)s AND kind = 'sale' ORDER BY source LIMIT 1)
  UNION ALL
  SELECT (SELECT k.source FROM activity_key k
          WHERE k.program_id = %(program)s AND k.kind = 'sale' AND k.source > told.source
          ORDER BY k.source LIMIT 1)
  FROM told
  WHERE told.source IS NOT NULL
)
SELECT k.activity_id
FROM told
CROSS JOIN LATERAL (
  SELECT activity_id FROM activity_key
  WHERE program_id = %(program)s AND kind = 'sale' AND source = told.source
    AND external_id = ANY(%(names)s::text[])
  OFFSET 0
) AS k
UNION
SELECT activity_id FROM activity_key
WHERE program_id = %(program)s AND kind = 'sale' AND source = ''
  AND external_id >= %(first)s AND external_id < %(beyond)s AND starts_with(external_id, %(begins)s)
LIMIT %(most)s
