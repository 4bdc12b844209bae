-- What members got of each reward, and what they paid for it in each unit. No locks.
SELECT reward, paid.unit, coalesce(sum(paid.points::bigint), 0)::bigint, sum(quantity)::bigint
FROM redemption
LEFT JOIN LATERAL jsonb_each_text(spent) AS paid (unit, points) ON true
WHERE program_id = %(program)s AND reward IS NOT NULL AND status IN ('captured', 'used')
GROUP BY reward, paid.unit
ORDER BY reward, paid.unit
