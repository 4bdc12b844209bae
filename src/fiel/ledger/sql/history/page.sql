-- Pick a page of a member's transfers, the newest first, each with the balance after it: what the
-- account says now, less all that is newer. Locks nothing.
WITH page AS (
  SELECT id, unit, points, debit, credit, occurred_at, recorded_at, activity_id, pair_id,
         CASE WHEN debit < 10 AND credit < 10 THEN 0 WHEN credit < 10 THEN points ELSE -points END
           AS change
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)
  ORDER BY id DESC
  LIMIT %(limit)s
), newer AS (
  SELECT unit,
         sum(CASE WHEN debit < 10 AND credit < 10 THEN 0
                  WHEN credit < 10 THEN points ELSE -points END) AS change
  FROM transfer
  WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
    AND %(before)s::uuid IS NOT NULL AND id >= %(before)s::uuid
  GROUP BY unit
), picked AS (
  SELECT page.*,
         (a.available_in - a.available_out + a.pending_in - a.pending_out + a.held_in - a.held_out
          + a.debt_in - a.debt_out - coalesce(newer.change, 0)
          - coalesce(sum(page.change) OVER (PARTITION BY page.unit ORDER BY page.id DESC
                                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                     0))::bigint AS balance
  FROM page
  JOIN account a
    ON a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
       AND a.unit = page.unit
  LEFT JOIN newer ON newer.unit = page.unit
)
