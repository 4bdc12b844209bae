-- What is taken of a stock and a budget is what redemptions that still stand took.
WITH taken_by AS (
  SELECT reward, sum(quantity)::bigint AS taken, sum(cost)::bigint AS cost
  FROM redemption
  WHERE program_id = %(program)s AND is_stocked AND status IN ('held', 'captured', 'used')
  GROUP BY reward
), kept AS (
  SELECT reward, sum(taken)::bigint AS taken, sum(cost)::bigint AS cost
  FROM stock
  WHERE program_id = %(program)s
  GROUP BY reward
)
SELECT NULL::uuid, 'stock of ' || reward, row_to_json(taken_by)::text, row_to_json(kept)::text
FROM taken_by FULL JOIN kept USING (reward)
WHERE (coalesce(taken_by.taken, 0), coalesce(taken_by.cost, 0))
      IS DISTINCT FROM (coalesce(kept.taken, 0), coalesce(kept.cost, 0))
