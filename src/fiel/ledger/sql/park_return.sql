-- Keep a return that came before its sale; nothing when one of its name waits already.
INSERT INTO parked_return (program_id, source, sale_external_id, id, external_id, body, received_at)
VALUES (%(program)s::uuid, %(source)s, %(sale_external_id)s, %(id)s::uuid, %(external_id)s,
        %(body)s::jsonb, %(received_at)s::timestamptz)
ON CONFLICT DO NOTHING
RETURNING id
