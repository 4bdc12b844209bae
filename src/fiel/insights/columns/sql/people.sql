-- Who has changed since a snapshot: by the transaction that wrote the row last. Whoever was changed
-- by one that ran then is told again, which changes nothing. Locks nothing.
SELECT m.id, m.status, m.joined_at AT TIME ZONE 'UTC', (m.joined_at AT TIME ZONE %(zone)s)::date,
       m.birthday, m.attributes::text, m.referred_by,
       coalesce(m.consents -> 'email' = 'true'::jsonb, false), m.survivor_id, s.tier,
       coalesce(to_json(s.segments)::text, '[]'), coalesce(s.spend, 0), coalesce(s.visits, 0)
FROM member m
LEFT JOIN standing s
  ON s.program_id = m.program_id AND s.shard = m.shard AND s.member_id = m.id
WHERE m.program_id = %(program)s
  AND (%(since_age)s::integer IS NULL OR age(m.xmin) <= %(since_age)s
       OR age(s.xmin) <= %(since_age)s)
