-- Codes, coupons and gift cards. A coupon or a card is shared by whoever holds its code, like stock:
-- it is found by program and id and locked last, in the order of ids. What is counted for one
-- member lies in the member's shard.

-- Every code leads to what bears it; the code stands in its normal form.
CREATE TABLE code (
  program_id uuid NOT NULL,
  code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('coupon', 'gift_card', 'redemption')),
  shard smallint,                   -- of whom it is; null: of whoever brings it
  member_id uuid,
  id uuid NOT NULL,
  PRIMARY KEY (program_id, code)
);

-- Codes that were made together, under a name that the caller may give.
CREATE TABLE coupon_batch (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  name text,
  coupon text NOT NULL,             -- the coupon of the program document
  version integer NOT NULL,         -- of the program whose terms its codes keep
  count integer NOT NULL CHECK (count > 0),
  made_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, id)
);
CREATE UNIQUE INDEX coupon_batch_name ON coupon_batch (program_id, name) WHERE name IS NOT NULL;

CREATE TABLE coupon (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,               -- as it is shown
  batch_id uuid,
  coupon text NOT NULL,             -- the coupon or the reward of the program document
  version integer,                  -- whose terms it keeps; null: of the version in force
  terms jsonb,                      -- of one that comes from a reward; null: of the document
  shard smallint,                   -- of whom it is; null: of whoever brings it
  member_id uuid,
  made_at timestamptz NOT NULL,
  ends_at timestamptz,              -- null: never
  cancelled_at timestamptz,
  used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  most bigint,                      -- how often it can be used; null: the document says
  PRIMARY KEY (program_id, id),
  CHECK (used <= most)
) WITH (fillfactor = 80);
CREATE INDEX coupon_batch_member ON coupon (program_id, batch_id, id) WHERE batch_id IS NOT NULL;

-- One use of a coupon by one cart: reserved until a moment, used, or given back.
CREATE TABLE coupon_use (
  program_id uuid NOT NULL,
  coupon_id uuid NOT NULL,
  cart text NOT NULL,
  state text NOT NULL CHECK (state IN ('reserved', 'used', 'free')),
  reserved_until timestamptz,
  used_at timestamptz,
  shard smallint,
  member_id uuid,
  sale_id uuid,
  external_id text,
  fingerprint bytea,
  answer jsonb,
  PRIMARY KEY (program_id, coupon_id, cart),
  CHECK (state <> 'reserved' OR reserved_until IS NOT NULL),
  CHECK (state <> 'used' OR used_at IS NOT NULL)
);
CREATE INDEX coupon_use_open ON coupon_use (program_id, coupon_id, reserved_until)
  WHERE state = 'reserved';
CREATE INDEX coupon_use_used ON coupon_use (program_id, coupon_id) WHERE state = 'used';
CREATE INDEX coupon_use_sale ON coupon_use (program_id, sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX coupon_use_member ON coupon_use (shard, member_id) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX coupon_use_external ON coupon_use (program_id, external_id)
  WHERE external_id IS NOT NULL;

-- How often a member has used the coupons of one kind.
CREATE TABLE coupon_count (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  coupon text NOT NULL,
  used integer NOT NULL CHECK (used >= 0),
  UNIQUE (shard, member_id, coupon)
);

-- Gift cards. Three growing counters in minor units; the balance is their difference.
CREATE TABLE gift_card (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('multi_purpose', 'single_purpose')),
  tax_rate numeric,                 -- percent; known when a single-purpose card is sold
  currency text NOT NULL,
  shard smallint,                   -- of whom it is; null: of whoever brings it
  member_id uuid,
  issued bigint NOT NULL CHECK (issued > 0),
  charged bigint NOT NULL DEFAULT 0 CHECK (charged >= 0),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  made_at timestamptz NOT NULL,
  ends_at timestamptz,              -- null: never
  cancelled_at timestamptz,
  PRIMARY KEY (program_id, id),
  CHECK (refunded <= charged),
  CHECK (charged - refunded <= issued),
  CHECK ((kind = 'single_purpose') = (tax_rate IS NOT NULL))
) WITH (fillfactor = 80);

-- What moved a card's balance. Never changed, never deleted; `balance` is what stood after it.
CREATE TABLE gift_card_entry (
  program_id uuid NOT NULL,
  card_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('issue', 'charge', 'refund', 'cancel')),
  amount bigint NOT NULL CHECK (amount > 0),
  balance bigint NOT NULL CHECK (balance >= 0),
  about uuid,                       -- of a refund: the charge
  sale_id uuid,
  source text NOT NULL DEFAULT '',
  external_id text,
  fingerprint bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, card_id, id)
);
CREATE UNIQUE INDEX gift_card_entry_external
  ON gift_card_entry (program_id, kind, source, external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX gift_card_entry_id ON gift_card_entry (program_id, id);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['code', 'coupon_batch', 'coupon', 'coupon_use', 'coupon_count',
      'gift_card', 'gift_card_entry'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
