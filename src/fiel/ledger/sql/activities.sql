-- Read activities of one shard as they were recorded.
SELECT id, member_id, kind, source, external_id, occurred_at, recorded_at, store, channel, net,
       gross, version, facts::text, decision::text, fingerprint, about
FROM activity
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = ANY(%(members)s::uuid[])
  AND id = ANY(%(ids)s::uuid[])
