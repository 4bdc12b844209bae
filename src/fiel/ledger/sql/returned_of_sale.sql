-- Read what is left of a sale after its returns; whoever changes it has locked the sale's member.
SELECT state::text
FROM returned
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
  AND sale_id = %(sale)s
