-- What foreign keys would hold: each row leads to the member and the activity it names.
SELECT member_id, 'transfer ' || t.id::text, 'activity ' || t.activity_id::text, 'none'
FROM transfer t
WHERE t.program_id = %(program)s AND t.shard = %(shard)s
  AND t.member_id > %(after)s AND t.member_id <= %(until)s
  AND NOT EXISTS (SELECT FROM activity a
                  WHERE a.program_id = t.program_id AND a.shard = t.shard
                    AND a.member_id = t.member_id AND a.id = t.activity_id)
UNION ALL
SELECT member_id, 'event ' || o.sequence::text, 'activity ' || o.activity_id::text, 'none'
FROM outbox o
WHERE o.program_id = %(program)s AND o.shard = %(shard)s
  AND o.member_id > %(after)s AND o.member_id <= %(until)s
  AND NOT EXISTS (SELECT FROM activity a
                  WHERE a.program_id = o.program_id AND a.shard = o.shard
                    AND a.member_id = o.member_id AND a.id = o.activity_id)
UNION ALL
SELECT a.member_id, 'name of activity ' || a.id::text, a.external_id, k.activity_id::text
FROM activity a
LEFT JOIN activity_key k
  ON k.program_id = a.program_id AND k.kind = a.kind AND k.source = a.source
     AND k.external_id = a.external_id
WHERE a.program_id = %(program)s AND a.shard = %(shard)s
  AND a.member_id > %(after)s AND a.member_id <= %(until)s AND a.external_id IS NOT NULL
  AND (k.shard, k.member_id, k.activity_id) IS DISTINCT FROM (a.shard, a.member_id, a.id)
UNION ALL
SELECT k.member_id, 'name ' || k.external_id, 'activity ' || k.activity_id::text, 'none'
FROM activity_key k
WHERE k.program_id = %(program)s AND k.shard = %(shard)s
  AND k.member_id > %(after)s AND k.member_id <= %(until)s
  AND NOT EXISTS (SELECT FROM activity a
                  WHERE a.program_id = k.program_id AND a.shard = k.shard
                    AND a.member_id = k.member_id AND a.id = k.activity_id)
UNION ALL
SELECT member_id, 'account of ' || c.unit, 'standing', 'none'
FROM account c
WHERE c.program_id = %(program)s AND c.shard = %(shard)s
  AND c.member_id > %(after)s AND c.member_id <= %(until)s
  AND NOT EXISTS (SELECT FROM standing s
                  WHERE s.program_id = c.program_id AND s.shard = c.shard
                    AND s.member_id = c.member_id)
UNION ALL
SELECT coalesce(s.member_id, m.id), 'member and standing', m.status, s.status
FROM (SELECT member_id, status FROM standing
      WHERE program_id = %(program)s AND shard = %(shard)s
        AND member_id > %(after)s AND member_id <= %(until)s) AS s
FULL JOIN (SELECT id, status FROM member
           WHERE program_id = %(program)s AND shard = %(shard)s
             AND id > %(after)s AND id <= %(until)s) AS m
  ON m.id = s.member_id
WHERE m.status IS DISTINCT FROM s.status
