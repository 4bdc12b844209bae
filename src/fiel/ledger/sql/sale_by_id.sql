-- Read one sale of a program by its id, where it lies, whether its member has a name, and what is
-- left of it after its returns. Locks nothing.
SELECT a.id, a.member_id, a.kind, a.source, a.external_id, a.occurred_at, a.recorded_at, a.store,
       a.channel, a.net, a.gross, a.version, a.facts::text, a.decision::text, a.fingerprint,
       a.about, a.counts_at, a.shard, s.status, r.state::text
FROM activity a
JOIN standing s
  ON s.program_id = a.program_id AND s.shard = a.shard AND s.member_id = a.member_id
LEFT JOIN returned r
  ON r.program_id = a.program_id AND r.shard = a.shard AND r.member_id = a.member_id
     AND r.sale_id = a.id
WHERE a.program_id = %(program)s AND a.id = %(id)s AND a.kind = 'sale'
