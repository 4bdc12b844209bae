-- Read the newest activity of one kind of one member.
SELECT id, member_id, kind, source, external_id, occurred_at, recorded_at, store, channel, net,
       gross, version, facts::text, decision::text, fingerprint, about, counts_at
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND kind = %(kind)s
ORDER BY recorded_at DESC, id DESC
LIMIT 1
