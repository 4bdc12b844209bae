-- What leaves one member through transit (14) reaches another, to the point: by pair and unit as
-- much goes in as comes out.
SELECT NULL::uuid, 'transit of pair ' || pair_id::text,
       coalesce(sum(points) FILTER (WHERE credit = 14), 0) || ' ' || unit,
       coalesce(sum(points) FILTER (WHERE debit = 14), 0) || ' ' || unit
FROM transfer
WHERE program_id = %(program)s AND pair_id IS NOT NULL
GROUP BY pair_id, unit
HAVING coalesce(sum(points) FILTER (WHERE credit = 14), 0)
    <> coalesce(sum(points) FILTER (WHERE debit = 14), 0)
