-- Every standing is the sum of what the member's activities counted, ever and in its window, and
-- has one event for each number of its sequence.
WITH counted AS (
  SELECT s.member_id,
         coalesce(sum((a.decision #>> '{c,0}')::bigint), 0) AS spend,
         coalesce(sum((a.decision #>> '{c,2}')::bigint), 0) AS visits,
         coalesce(sum((a.decision #>> '{c,0}')::bigint) FILTER (WHERE inside.window), 0)
           AS window_spend,
         coalesce(sum((a.decision #>> '{c,1}')::bigint) FILTER (WHERE inside.window), 0)
           AS window_points,
         coalesce(sum((a.decision #>> '{c,2}')::bigint) FILTER (WHERE inside.window), 0)
           AS window_visits
  FROM standing s
  LEFT JOIN activity a
    ON a.program_id = s.program_id AND a.shard = s.shard AND a.member_id = s.member_id
  CROSS JOIN LATERAL (
    SELECT coalesce(a.counts_at, a.occurred_at) >= s.window_from
       AND coalesce(a.counts_at, a.occurred_at) < s.window_until
  ) AS inside ("window")
  WHERE s.program_id = %(program)s AND s.shard = %(shard)s
    AND s.member_id > %(after)s AND s.member_id <= %(until)s
  GROUP BY s.member_id
), announced AS (
  SELECT member_id, count(DISTINCT member_sequence) AS events, max(member_sequence) AS newest
  FROM outbox
  WHERE program_id = %(program)s AND shard = %(shard)s
    AND member_id > %(after)s AND member_id <= %(until)s
  GROUP BY member_id
)
SELECT s.member_id, 'standing',
       row_to_json(c)::text || ' ' || coalesce(row_to_json(e)::text, ''),
       row_to_json(s)::text
FROM standing s
JOIN counted c USING (member_id)
LEFT JOIN announced e USING (member_id)
WHERE s.program_id = %(program)s AND s.shard = %(shard)s
  AND s.member_id > %(after)s AND s.member_id <= %(until)s
  AND ((s.spend, s.visits) IS DISTINCT FROM (c.spend, c.visits)
       OR (s.window_from IS NOT NULL
           AND (s.window_spend, s.window_points, s.window_visits)
               IS DISTINCT FROM (c.window_spend, c.window_points, c.window_visits))
       OR s.sequence <> coalesce(e.events, 0) OR s.sequence <> coalesce(e.newest, 0))
