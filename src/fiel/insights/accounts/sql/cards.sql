-- What moved gift cards before a moment, by what they are, their rate of tax, whether points got
-- them, and the kind of entry; and what was left on those that had ended. Locks nothing.
WITH entered AS (
  SELECT card_id, kind, amount
  FROM gift_card_entry
  WHERE program_id = %(program)s AND recorded_at < %(until)s
), cards AS (
  SELECT g.id, g.kind AS purpose, g.tax_rate, g.ends_at,
         EXISTS (SELECT FROM redemption r
                 WHERE r.program_id = %(program)s AND r.code_kind = 'gift_card'
                   AND r.code = g.code) AS is_reward
  FROM gift_card g
  WHERE g.program_id = %(program)s
), ended AS (
  SELECT card_id,
         sum(CASE WHEN kind IN ('issue', 'refund') THEN amount ELSE -amount END) AS amount
  FROM entered
  GROUP BY card_id
)
SELECT cards.purpose, cards.tax_rate, cards.is_reward, entered.kind, sum(entered.amount)::bigint,
       count(DISTINCT cards.id)
FROM entered
JOIN cards ON cards.id = entered.card_id
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT cards.purpose, cards.tax_rate, cards.is_reward, 'expired', sum(ended.amount)::bigint, count(*)
FROM ended
JOIN cards ON cards.id = ended.card_id
WHERE cards.ends_at <= %(until)s AND ended.amount <> 0
GROUP BY 1, 2, 3
