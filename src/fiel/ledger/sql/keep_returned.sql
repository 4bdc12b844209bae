-- Keep what is left of a sale after a return; the sale's member is locked.
INSERT INTO returned (program_id, shard, member_id, sale_id, state)
VALUES (%(program)s::uuid, %(shard)s::smallint, %(member)s::uuid, %(sale)s::uuid,
        %(state)s::jsonb)
ON CONFLICT (shard, member_id, sale_id) DO UPDATE SET state = excluded.state
