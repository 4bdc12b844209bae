-- Merges, households, referrals, claimed sales, erasure. What belongs to a member carries program,
-- shard and member; what members share is found by program and id. New columns have no default to
-- fill, so that no table is rewritten.

-- The member whom this one was merged into, or who claimed the sale of this nameless one; and where
-- that leads in the end, over a chain of merges, so that nobody has to walk it.
ALTER TABLE member ADD COLUMN merged_into uuid;
ALTER TABLE member ADD COLUMN survivor_id uuid;
ALTER TABLE member ADD COLUMN survivor_shard smallint;
ALTER TABLE member ADD CONSTRAINT member_survivor_whole
  CHECK ((survivor_id IS NULL) = (survivor_shard IS NULL)) NOT VALID;
CREATE INDEX member_survivor ON member (program_id, survivor_id) WHERE survivor_id IS NOT NULL;

-- Who joined on a day of some year: it is honoured when it comes back.
CREATE INDEX member_joined ON member (program_id, shard, joined_at);

-- Whom a kept answer tells about: it is forgotten with the person.
ALTER TABLE idempotency_key ADD COLUMN tells uuid;
CREATE INDEX idempotency_key_tells ON idempotency_key (program_id, tells)
  WHERE tells IS NOT NULL;

-- What goes through transit has another half, and nothing else has.
ALTER TABLE transfer ADD CONSTRAINT transfer_pair_of_transit
  CHECK ((debit = 14 OR credit = 14) = (pair_id IS NOT NULL)) NOT VALID;
CREATE INDEX transfer_pair ON transfer (program_id, pair_id) WHERE pair_id IS NOT NULL;

-- People who pool their points.
CREATE TABLE household (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  made_at timestamptz NOT NULL,
  ended_at timestamptz,             -- when the last member left
  fingerprint bytea NOT NULL,       -- of what was told: tells a retry from a mistake
  PRIMARY KEY (program_id, id)
);

-- Who is in which: a member is in one at a time. A row without a household is of one who left.
CREATE TABLE household_member (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  household_id uuid,
  joined_at timestamptz NOT NULL,
  UNIQUE (shard, member_id)
);
CREATE INDEX household_member_household ON household_member (program_id, household_id)
  WHERE household_id IS NOT NULL;

-- Who brought whom. The row is the friend's; the referrer may be on another shard.
CREATE TABLE referral (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,          -- the friend
  referrer_shard smallint NOT NULL,
  referrer_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('waiting', 'rewarded', 'void', 'reversed')),
  reason text NOT NULL DEFAULT '',  -- why it came to nothing
  made_at timestamptz NOT NULL,
  sale_id uuid,                     -- the purchase that counts
  due_at timestamptz,               -- when the wait that it started ends
  rewarded_at timestamptz,
  limit_start date,                 -- the period in which it counts against the referrer's limit
  friend_activity uuid,             -- what gave the points, on either side
  referrer_activity uuid,
  ended_at timestamptz,             -- when it became void or was reversed
  UNIQUE (shard, member_id)
);
CREATE INDEX referral_waiting ON referral (program_id, shard, member_id) WHERE status = 'waiting';
CREATE INDEX referral_referrer ON referral (program_id, referrer_id, made_at);

-- The one door through which what was told about a person leaves the ledger's rows that are never
-- changed otherwise: texts, names and digests of one member who has been erased. Points, decisions
-- and moments stay, so that every sum is proved as before.
CREATE FUNCTION forget_told(of_program uuid, on_shard smallint, of_member uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF of_program IS DISTINCT FROM fiel_program() OR NOT EXISTS (
    SELECT FROM standing
    WHERE program_id = of_program AND shard = on_shard AND member_id = of_member
      AND status = 'erased'
  ) THEN
    RAISE EXCEPTION 'only what was told about an erased member is forgotten';
  END IF;
  DELETE FROM activity_key
  WHERE program_id = of_program AND shard = on_shard AND member_id = of_member
    AND kind = 'enrolment';
  UPDATE activity
  SET external_id = CASE WHEN kind = 'enrolment' THEN NULL ELSE external_id END,
      fingerprint = '',
      facts = CASE
        WHEN kind = 'activity' THEN
          jsonb_build_object('type', coalesce(facts -> 'type', '""'), 'properties', '{}'::jsonb)
        WHEN jsonb_typeof(facts -> 'lines') = 'array' THEN
          facts - '{reason,author,note,member}'::text[] || jsonb_build_object('lines', (
            SELECT coalesce(jsonb_agg(
                     CASE WHEN jsonb_typeof(line) = 'object' THEN line - 'name' ELSE line END
                     ORDER BY place), '[]')
            FROM jsonb_array_elements(facts -> 'lines') WITH ORDINALITY AS each (line, place)))
        ELSE facts - '{reason,author,note,member}'::text[]
      END,
      decision = CASE
        WHEN jsonb_typeof(decision -> 'p') = 'object' THEN
          decision - 'reason' || jsonb_build_object('p', (
            SELECT coalesce(jsonb_object_agg(pinned.key, pinned.value), '{}')
            FROM jsonb_each(decision -> 'p') AS pinned
            WHERE pinned.key NOT LIKE 'attributes%'))
        ELSE decision - 'reason'
      END
  WHERE program_id = of_program AND shard = on_shard AND member_id = of_member;
END
$$;
REVOKE ALL ON FUNCTION forget_told(uuid, smallint, uuid) FROM PUBLIC;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['household', 'household_member', 'referral'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
