-- Read the activity of an id that whoever asks has made, if it was recorded before. Locks nothing.
SELECT id, member_id, kind, source, external_id, occurred_at, recorded_at, store, channel, net,
       gross, version, facts::text, decision::text, fingerprint, about
FROM activity
WHERE program_id = %(program)s AND id = %(id)s AND kind = %(kind)s
