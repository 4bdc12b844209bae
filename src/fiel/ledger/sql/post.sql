-- Write everything that one posting does to the members of one shard, in one statement.
-- The members are locked (lock_standings.sql), so that what is written to standings and accounts
-- are the values after the posting, not differences. Keys go in last, in order: one that is taken
-- by another member's activity fails the whole statement, and the posting is made anew.
WITH activities AS (
  INSERT INTO activity (program_id, shard, member_id, id, kind, source, external_id, occurred_at,
                        recorded_at, store, channel, net, gross, version, facts, decision,
                        fingerprint, about, counts_at)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, id, kind, source, external_id, occurred_at,
         recorded_at, store, channel, net, gross, version, facts, decision, fingerprint, about,
         counts_at
  FROM unnest(%(activity_member)s::uuid[], %(activity_id)s::uuid[], %(activity_kind)s::text[],
              %(activity_source)s::text[], %(activity_external_id)s::text[],
              %(activity_occurred_at)s::timestamptz[], %(activity_recorded_at)s::timestamptz[],
              %(activity_store)s::text[], %(activity_channel)s::text[],
              %(activity_net)s::bigint[], %(activity_gross)s::bigint[],
              %(activity_version)s::integer[], %(activity_facts)s::jsonb[],
              %(activity_decision)s::jsonb[], %(activity_fingerprint)s::bytea[],
              %(activity_about)s::uuid[], %(activity_counts_at)s::timestamptz[])
       AS a (member_id, id, kind, source, external_id, occurred_at, recorded_at, store, channel,
             net, gross, version, facts, decision, fingerprint, about, counts_at)
), transfers AS (
  INSERT INTO transfer (program_id, shard, member_id, id, activity_id, unit, debit, credit, points,
                        occurred_at, recorded_at, pair_id)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, id, activity_id, unit, debit, credit, points,
         occurred_at, recorded_at, pair_id
  FROM unnest(%(transfer_member)s::uuid[], %(transfer_id)s::uuid[],
              %(transfer_activity)s::uuid[], %(transfer_unit)s::text[],
              %(transfer_debit)s::smallint[], %(transfer_credit)s::smallint[],
              %(transfer_points)s::bigint[], %(transfer_occurred_at)s::timestamptz[],
              %(transfer_recorded_at)s::timestamptz[], %(transfer_pair)s::uuid[])
       AS t (member_id, id, activity_id, unit, debit, credit, points, occurred_at, recorded_at,
             pair_id)
), lots AS (
  INSERT INTO lot (program_id, shard, member_id, id, activity_id, unit, worth, points, drawn,
                   starts_at, ends_at, activated, origin)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, id, activity_id, unit, worth, points, drawn,
         starts_at, ends_at, activated, origin
  FROM unnest(%(lot_member)s::uuid[], %(lot_id)s::uuid[], %(lot_activity)s::uuid[],
              %(lot_unit)s::text[], %(lot_worth)s::numeric[], %(lot_points)s::bigint[],
              %(lot_drawn)s::bigint[], %(lot_starts_at)s::timestamptz[],
              %(lot_ends_at)s::timestamptz[], %(lot_activated)s::boolean[], %(lot_origin)s::uuid[])
       AS l (member_id, id, activity_id, unit, worth, points, drawn, starts_at, ends_at, activated,
             origin)
), accounts AS (
  INSERT INTO account (program_id, shard, member_id, unit, available_in, available_out, pending_in,
                       pending_out, held_in, held_out, debt_in, debt_out, issued, changes_at,
                       inactive_at)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, unit, available_in, available_out, pending_in,
         pending_out, held_in, held_out, debt_in, debt_out, issued, changes_at, inactive_at
  FROM unnest(%(account_member)s::uuid[], %(account_unit)s::text[],
              %(account_available_in)s::bigint[], %(account_available_out)s::bigint[],
              %(account_pending_in)s::bigint[], %(account_pending_out)s::bigint[],
              %(account_held_in)s::bigint[], %(account_held_out)s::bigint[],
              %(account_debt_in)s::bigint[], %(account_debt_out)s::bigint[],
              %(account_issued)s::bigint[], %(account_changes_at)s::timestamptz[],
              %(account_inactive_at)s::timestamptz[])
       AS a (member_id, unit, available_in, available_out, pending_in, pending_out, held_in,
             held_out, debt_in, debt_out, issued, changes_at, inactive_at)
  ON CONFLICT (shard, member_id, unit) DO UPDATE
  SET available_in = excluded.available_in, available_out = excluded.available_out,
      pending_in = excluded.pending_in, pending_out = excluded.pending_out,
      held_in = excluded.held_in, held_out = excluded.held_out,
      debt_in = excluded.debt_in, debt_out = excluded.debt_out,
      issued = excluded.issued, changes_at = excluded.changes_at,
      inactive_at = excluded.inactive_at
), standings AS (
  INSERT INTO standing (program_id, shard, member_id, status, joined_at, tier, tier_since, spend,
                        visits, window_from, window_until, window_spend, window_points,
                        window_visits, first_activity_at, last_activity_at, sequence, tier_until,
                        review_at, review_from, dropped, segments)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id, status, joined_at, tier, tier_since, spend, visits,
         window_from, window_until, window_spend, window_points, window_visits,
         first_activity_at, last_activity_at, sequence, tier_until, review_at, review_from, dropped,
         segments::text[]
  FROM unnest(%(standing_member)s::uuid[], %(standing_status)s::text[],
              %(standing_joined_at)s::timestamptz[], %(standing_tier)s::text[],
              %(standing_tier_since)s::timestamptz[], %(standing_spend)s::bigint[],
              %(standing_visits)s::bigint[], %(standing_window_from)s::timestamptz[],
              %(standing_window_until)s::timestamptz[], %(standing_window_spend)s::bigint[],
              %(standing_window_points)s::bigint[], %(standing_window_visits)s::bigint[],
              %(standing_first_activity_at)s::timestamptz[],
              %(standing_last_activity_at)s::timestamptz[], %(standing_sequence)s::bigint[],
              %(standing_tier_until)s::timestamptz[], %(standing_review_at)s::timestamptz[],
              %(standing_review_from)s::timestamptz[], %(standing_dropped)s::jsonb[],
              %(standing_segments)s::text[])
       AS s (member_id, status, joined_at, tier, tier_since, spend, visits, window_from,
             window_until, window_spend, window_points, window_visits, first_activity_at,
             last_activity_at, sequence, tier_until, review_at, review_from, dropped, segments)
  ON CONFLICT (shard, member_id) DO UPDATE
  SET status = excluded.status, tier = excluded.tier, tier_since = excluded.tier_since,
      spend = excluded.spend, visits = excluded.visits, window_from = excluded.window_from,
      window_until = excluded.window_until, window_spend = excluded.window_spend,
      window_points = excluded.window_points, window_visits = excluded.window_visits,
      first_activity_at = excluded.first_activity_at,
      last_activity_at = excluded.last_activity_at, sequence = excluded.sequence,
      tier_until = excluded.tier_until, review_at = excluded.review_at,
      review_from = excluded.review_from, dropped = excluded.dropped,
      segments = excluded.segments
), announced AS (
  INSERT INTO outbox (program_id, shard, member_id, sequence, member_sequence, type, activity_id,
                      recorded_at)
  SELECT %(program)s::uuid, %(shard)s::smallint, member_id,
         pg_current_xact_id()::text::bigint * 65536 + ordinal, member_sequence, type,
         activity_id, recorded_at
  FROM unnest(%(event_member)s::uuid[], %(event_member_sequence)s::bigint[],
              %(event_type)s::text[], %(event_activity)s::uuid[],
              %(event_recorded_at)s::timestamptz[], %(event_ordinal)s::integer[])
       AS e (member_id, member_sequence, type, activity_id, recorded_at, ordinal)
)
INSERT INTO activity_key (program_id, kind, source, external_id, shard, member_id, activity_id)
SELECT %(program)s::uuid, kind, source, external_id, %(shard)s::smallint, member_id, activity_id
FROM unnest(%(key_kind)s::text[], %(key_source)s::text[], %(key_external_id)s::text[],
            %(key_member)s::uuid[], %(key_activity)s::uuid[])
     AS k (kind, source, external_id, member_id, activity_id)
ORDER BY kind, source, external_id
