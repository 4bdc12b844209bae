-- Keep how far members are with what milestones count; the members are locked.
INSERT INTO progress (program_id, shard, member_id, counter, total, reached, kept, first_period,
                      marks, reached_at)
SELECT %(program)s::uuid, %(shard)s::smallint, member_id, counter, total, reached, kept,
       first_period, marks, reached_at
FROM unnest(%(progress_member)s::uuid[], %(progress_counter)s::text[],
            %(progress_total)s::bigint[], %(progress_reached)s::integer[],
            %(progress_kept)s::integer[], %(progress_first)s::integer[],
            %(progress_marks)s::bytea[], %(progress_reached_at)s::timestamptz[])
     AS p (member_id, counter, total, reached, kept, first_period, marks, reached_at)
ON CONFLICT (shard, member_id, counter) DO UPDATE
SET total = excluded.total, reached = excluded.reached, kept = excluded.kept,
    first_period = excluded.first_period, marks = excluded.marks,
    reached_at = coalesce(excluded.reached_at, progress.reached_at)
