-- Redemptions and stock. A redemption is a fact of its member: it carries program, shard and member,
-- none of them ever updated, and is written under the member's lock. Stock is shared by all members,
-- so it is a table of its own that a transaction touches last.

CREATE TABLE redemption (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,        -- the activity that made it
  source text NOT NULL DEFAULT '',
  external_id text,
  reward text,                      -- null: points that are held to pay with
  kind text,                        -- what the reward was when it was redeemed
  quantity integer NOT NULL CHECK (quantity > 0),
  status text NOT NULL
    CHECK (status IN ('queued', 'held', 'captured', 'used', 'cancelled', 'expired')),
  spent jsonb NOT NULL DEFAULT '{}',     -- unit → points
  transfers jsonb NOT NULL DEFAULT '{}', -- unit → the transfer that took them out of the lots
  code text,
  code_kind text CHECK (code_kind IN ('redemption', 'coupon', 'gift_card')),
  made_at timestamptz NOT NULL,
  hold_until timestamptz,           -- until when it waits to be captured
  captured_at timestamptz,
  expires_at timestamptz,           -- until when what was got can be used
  used_at timestamptz,
  ended_at timestamptz,             -- when it was cancelled or expired
  due_at timestamptz,               -- when it expires if nothing more happens
  limit_start date,                 -- the period in which it counts against the reward's limit
  is_stocked boolean NOT NULL DEFAULT false, -- whether it counts against the reward's stock
  cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0), -- counted against the reward's budget, minor units
  milestone text,                   -- given for a level reached, not bought
  sale_id uuid,                     -- the sale that the held points paid
  version integer NOT NULL,         -- of the program that decided
  store text NOT NULL DEFAULT '',
  author text NOT NULL DEFAULT '',  -- the key that asked
  UNIQUE (shard, member_id, id),
  CHECK ((code IS NULL) = (code_kind IS NULL)),
  CHECK (status <> 'held' OR hold_until IS NOT NULL)
) WITH (fillfactor = 90);
CREATE INDEX redemption_id ON redemption (program_id, id);
CREATE INDEX redemption_member ON redemption (shard, member_id, made_at, id);
CREATE INDEX redemption_due ON redemption (program_id, shard, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX redemption_activity ON redemption (shard, member_id, activity_id);

-- How many of a reward are held, captured or used, and what they cost. Several slots when it is hot.
CREATE TABLE stock (
  program_id uuid NOT NULL,
  reward text NOT NULL,
  slot smallint NOT NULL DEFAULT 0,
  taken bigint NOT NULL DEFAULT 0 CHECK (taken >= 0),
  cost bigint NOT NULL DEFAULT 0 CHECK (cost >= 0),
  PRIMARY KEY (program_id, reward, slot)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['redemption', 'stock'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
