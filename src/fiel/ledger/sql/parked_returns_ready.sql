-- Read returns that wait though their sale is there: whoever should have applied them was cut off.
SELECT p.id, p.source, p.sale_external_id, p.external_id, p.body::text, p.received_at
FROM parked_return p
JOIN activity_key k
  ON k.program_id = p.program_id AND k.kind = 'sale' AND k.source = p.source
     AND k.external_id = p.sale_external_id
WHERE p.program_id = %(program)s AND p.refused IS NULL
ORDER BY p.received_at, p.id
LIMIT %(most)s
