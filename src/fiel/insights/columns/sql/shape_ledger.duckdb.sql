-- What of the ledger was told, as the copy's tables hold it.
CREATE TEMP TABLE new_movements AS
SELECT t.id::VARCHAR AS transfer_id, t.activity_id::VARCHAR AS activity_id, e.kind, e.sale,
  e.holder, t.unit, t.debit, t.credit, t.points, coalesce(t.occurred_at, e.occurred_at) AS occurred_at, e.recorded_at,
  coalesce(t.day, e.day) AS day, e.store, e.channel
FROM told_transfers t JOIN every e ON e.id = t.activity_id
ORDER BY e.sequence, t.id;

CREATE TEMP TABLE new_lots AS
SELECT t.id::VARCHAR AS lot_id, p.person AS holder, t.unit, t.points, t.drawn, t.funder, t.worth,
  t.starts_at, t.ends_at, coalesce(o.day, s.day, t.day) AS day
FROM told_lots t
JOIN people p USING (member_id)
LEFT JOIN told_lots o ON o.id = t.origin
LEFT JOIN (
  SELECT lot_id::UUID AS id, day FROM stored_lots
  WHERE lot_id IN (SELECT origin::VARCHAR FROM told_lots WHERE origin IS NOT NULL)
) s ON s.id = t.origin
ORDER BY t.id;

CREATE TEMP TABLE new_redemptions AS
SELECT t.id::VARCHAR AS redemption_id, p.person AS holder, t.reward, t.kind, t.quantity, t.status,
  t.unit, t.points, t.made_at, t.captured_at, t.day, t.store, t.author, t.milestone, t.version
FROM told_redemptions t JOIN people p USING (member_id)
ORDER BY t.made_at, t.id, t.unit;

CREATE TEMP TABLE new_gift_cards AS
SELECT id::VARCHAR AS entry_id, card_id::VARCHAR AS card_id, kind, purpose, amount, balance,
  recorded_at, day
FROM told_gift_cards ORDER BY recorded_at, id;

