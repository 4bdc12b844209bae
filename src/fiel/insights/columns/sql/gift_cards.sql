-- What has moved gift cards since a snapshot. Locks nothing.
SELECT e.id, e.card_id, e.kind, c.kind, e.amount, e.balance, e.recorded_at AT TIME ZONE 'UTC',
       (e.recorded_at AT TIME ZONE %(zone)s)::date
FROM gift_card_entry e
JOIN gift_card c ON c.program_id = e.program_id AND c.id = e.card_id
WHERE e.program_id = %(program)s
  AND (%(since_age)s::integer IS NULL OR age(e.xmin) <= %(since_age)s)
