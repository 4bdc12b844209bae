-- Tell of transfers that were `picked` what caused them, what that was about, the lot they made and
-- the lots they drew on. Goes behind a statement that picks. Locks nothing.
SELECT t.id, t.unit, t.points, t.debit, t.credit, t.occurred_at, t.recorded_at, t.pair_id,
       t.balance, a.id, a.kind, a.external_id, a.occurred_at, a.version,
       a.decision::text, CASE WHEN a.kind IN ('sale', 'claim') THEN '{}' ELSE a.facts::text END,
       b.id, b.kind, b.external_id, b.occurred_at, b.version,
       CASE WHEN b.kind IN ('sale', 'claim') THEN '{}' ELSE b.decision::text END,
       CASE WHEN b.kind IN ('sale', 'claim') THEN '{}' ELSE b.facts::text END,
       made.starts_at, nullif(made.ends_at, 'infinity'),
       (SELECT json_agg(json_build_array(d.lot_id, d.points, e.kind, e.external_id, e.occurred_at)
                        ORDER BY l.ends_at, l.id)::text
        FROM draw d
        JOIN lot l
          ON l.program_id = %(program)s AND l.shard = %(shard)s AND l.member_id = %(member)s
             AND l.id = d.lot_id
        JOIN activity e
          ON e.program_id = %(program)s AND e.shard = %(shard)s AND e.member_id = %(member)s
             AND e.id = l.activity_id
        WHERE d.program_id = %(program)s AND d.shard = %(shard)s AND d.member_id = %(member)s
          AND d.transfer_id = t.id)
FROM picked t
JOIN activity a
  ON a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
     AND a.id = t.activity_id
LEFT JOIN activity b
  ON b.program_id = %(program)s AND b.shard = %(shard)s AND b.member_id = %(member)s
     AND b.id = a.about
LEFT JOIN lot made
  ON made.program_id = %(program)s AND made.shard = %(shard)s AND made.member_id = %(member)s
     AND made.id = t.id
