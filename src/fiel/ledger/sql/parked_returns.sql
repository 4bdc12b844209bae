-- Read the returns that wait for any of these sales, in the order in which they came, and were not
-- refused.
SELECT p.id, p.source, p.sale_external_id, p.external_id, p.body::text, p.received_at
FROM unnest(%(sources)s::text[], %(sales)s::text[]) AS sold (source, sale_external_id)
CROSS JOIN LATERAL (
  SELECT id, source, sale_external_id, external_id, body, received_at
  FROM parked_return
  WHERE program_id = %(program)s AND source = sold.source
    AND sale_external_id = sold.sale_external_id AND refused IS NULL
  OFFSET 0
) AS p
ORDER BY p.received_at, p.id
