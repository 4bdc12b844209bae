-- Read the activities of one member that are about another activity, oldest first.
SELECT id, member_id, kind, source, external_id, occurred_at, recorded_at, store, channel, net,
       gross, version, facts::text, decision::text, fingerprint, about, counts_at
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND about = %(about)s
ORDER BY recorded_at, id
