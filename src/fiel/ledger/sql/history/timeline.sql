-- Read a page of what happened to a member, the newest first, with what stands of each sale after
-- its returns. What a merge only counts again, and what nobody did, is left out. Locks nothing.
SELECT a.id, a.member_id, a.kind, a.source, a.external_id, a.occurred_at, a.recorded_at, a.store,
       a.channel, a.net, a.gross, a.version,
       CASE WHEN a.kind IN ('sale', 'claim') THEN '{}' ELSE a.facts::text END,
       a.decision::text, a.fingerprint, a.about, a.counts_at, r.state::text
FROM activity a
LEFT JOIN returned r
  ON r.program_id = %(program)s AND r.shard = %(shard)s AND r.member_id = %(member)s
     AND r.sale_id = a.id
WHERE a.program_id = %(program)s AND a.shard = %(shard)s AND a.member_id = %(member)s
  AND a.kind <> 'carried'
  AND (%(kinds)s::text[] IS NULL OR a.kind = ANY(%(kinds)s::text[]))
  AND (%(stores)s::text[] IS NULL OR a.store = '' OR a.store = ANY(%(stores)s::text[]))
  AND (%(before_at)s::timestamptz IS NULL
       OR (a.occurred_at, a.id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
ORDER BY a.occurred_at DESC, a.id DESC
LIMIT %(limit)s
