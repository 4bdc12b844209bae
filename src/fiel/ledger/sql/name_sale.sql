-- Take a sale's name to see whether a sale bears it: waits for a sale that is being recorded under
-- it, answers nothing when there is one. Whoever asks gives the name back.
INSERT INTO activity_key (program_id, kind, source, external_id, shard, member_id, activity_id)
VALUES (%(program)s::uuid, 'sale', %(source)s, %(external_id)s, 0, %(id)s::uuid, %(id)s::uuid)
ON CONFLICT (program_id, kind, source, external_id) DO NOTHING
RETURNING external_id
