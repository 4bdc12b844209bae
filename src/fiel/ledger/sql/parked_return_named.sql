-- Read a return that waits for its sale, by its own id or the name it was given.
SELECT id, source, sale_external_id, external_id, body::text, received_at
FROM parked_return
WHERE program_id = %(program)s AND refused IS NULL
  AND (id = %(id)s OR (source = %(source)s AND external_id = %(external_id)s))
ORDER BY received_at, id
LIMIT 1
