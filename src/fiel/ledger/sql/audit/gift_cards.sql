-- A gift card's counters are what its entries moved, and no charge was given back more than whole.
WITH moved AS (
  SELECT card_id,
         coalesce(sum(amount) FILTER (WHERE kind = 'issue'), 0) AS issued,
         coalesce(sum(amount) FILTER (WHERE kind = 'charge'), 0) AS charged,
         coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded,
         coalesce(sum(amount) FILTER (WHERE kind = 'cancel'), 0) AS cancelled
  FROM gift_card_entry
  WHERE program_id = %(program)s
  GROUP BY card_id
), kept AS (
  SELECT id AS card_id, issued::numeric, charged::numeric, refunded::numeric,
         CASE WHEN cancelled_at IS NULL THEN 0 ELSE issued - charged + refunded END::numeric
           AS cancelled
  FROM gift_card
  WHERE program_id = %(program)s
), given_back AS (
  SELECT about, sum(amount) AS amount
  FROM gift_card_entry
  WHERE program_id = %(program)s AND kind = 'refund' AND about IS NOT NULL
  GROUP BY about
)
SELECT NULL::uuid, 'gift card ' || card_id::text, row_to_json(moved)::text, row_to_json(kept)::text
FROM moved FULL JOIN kept USING (card_id)
WHERE (moved.issued, moved.charged, moved.refunded, moved.cancelled)
      IS DISTINCT FROM (kept.issued, kept.charged, kept.refunded, kept.cancelled)
UNION ALL
SELECT NULL::uuid, 'charge ' || charge.id::text, 'at most ' || charge.amount, given_back.amount::text
FROM given_back
JOIN gift_card_entry AS charge ON charge.program_id = %(program)s AND charge.id = given_back.about
WHERE given_back.amount > charge.amount OR charge.kind <> 'charge'
