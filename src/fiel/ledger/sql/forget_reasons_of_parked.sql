-- Forget what people wrote about returns that wait, or were refused, for sales of some members.
UPDATE parked_return p
SET body = p.body - 'reason'
FROM activity_key k
WHERE p.program_id = %(program)s AND k.program_id = p.program_id AND k.kind = 'sale'
  AND k.source = p.source AND k.external_id = p.sale_external_id
  AND k.member_id = ANY(%(members)s::uuid[])
