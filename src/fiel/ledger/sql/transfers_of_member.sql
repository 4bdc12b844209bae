-- Read a page of a member's transfers, the newest first, each with what caused it and the lots
-- that it drew on. Locks nothing.
SELECT t.id, t.unit, t.points, t.debit, t.credit, t.occurred_at, t.recorded_at, t.activity_id,
       a.kind, a.external_id, a.version, a.decision::text,
       (SELECT array_agg(d.lot_id::text || ' ' || d.points ORDER BY d.lot_id) FROM draw d
        WHERE d.program_id = t.program_id AND d.shard = t.shard AND d.member_id = t.member_id
          AND d.transfer_id = t.id)
FROM transfer t
JOIN activity a
  ON a.program_id = t.program_id AND a.shard = t.shard AND a.member_id = t.member_id
     AND a.id = t.activity_id
WHERE t.program_id = %(program)s AND t.shard = %(shard)s AND t.member_id = %(member)s
  AND (%(before)s::uuid IS NULL OR t.id < %(before)s::uuid)
ORDER BY t.id DESC
LIMIT %(limit)s
