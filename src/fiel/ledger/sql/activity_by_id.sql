-- Read one activity of a program by its id, and whether its member has a name. Locks nothing.
SELECT a.id, a.member_id, a.kind, a.source, a.external_id, a.occurred_at, a.recorded_at, a.store,
       a.channel, a.net, a.gross, a.version, a.facts::text, a.decision::text, a.fingerprint,
       a.about, s.status
FROM activity a
JOIN standing s
  ON s.program_id = a.program_id AND s.shard = a.shard AND s.member_id = a.member_id
WHERE a.program_id = %(program)s AND a.id = %(id)s AND a.kind = %(kind)s
