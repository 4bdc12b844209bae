-- Points move in every direction. New columns have no default to fill or a constant one, so that no
-- table is rewritten; constraints that change are only made wider.

-- What an activity is about (a return: its sale), and when what it counts towards a tier counts.
ALTER TABLE activity ADD COLUMN about uuid;
ALTER TABLE activity ADD COLUMN counts_at timestamptz;
CREATE INDEX activity_about ON activity (shard, member_id, about) WHERE about IS NOT NULL;
CREATE INDEX activity_counts ON activity (shard, member_id, counts_at) WHERE counts_at IS NOT NULL;

-- Points put back into a lot are a draw below zero.
ALTER TABLE draw DROP CONSTRAINT draw_points_check;
ALTER TABLE draw ADD CONSTRAINT draw_points_check CHECK (points <> 0);

-- The lot that points were in before they were moved from another member.
ALTER TABLE lot ADD COLUMN origin uuid;

-- What is left of a sale after its returns; kept under the lock of the member who holds the sale.
CREATE TABLE returned (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  sale_id uuid NOT NULL,
  state jsonb NOT NULL,
  UNIQUE (shard, member_id, sale_id)
);

-- Returns that came before their sale. `source` names the sale and the return; one that cannot be
-- applied stays with its reason.
CREATE TABLE parked_return (
  program_id uuid NOT NULL,
  source text NOT NULL,
  sale_external_id text NOT NULL,
  id uuid NOT NULL,
  external_id text,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  refused text,
  PRIMARY KEY (program_id, source, sale_external_id, id),
  UNIQUE (program_id, source, external_id)
);
CREATE INDEX parked_return_id ON parked_return (program_id, id);

-- How far a member is with what a milestone counts, and which badges are held. Of a streak, `marks`
-- has a bit for each period from `first_period` on in which something counted, lowest bit first.
CREATE TABLE progress (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  counter text NOT NULL,                    -- milestone@what[@since], or badge:id
  total bigint NOT NULL DEFAULT 0,
  reached integer NOT NULL DEFAULT 0 CHECK (reached >= 0),  -- gifts that stand given
  kept integer NOT NULL DEFAULT 0,          -- levels that give nothing again; below 0: still due
  first_period integer NOT NULL DEFAULT 0,
  marks bytea NOT NULL DEFAULT '',
  reached_at timestamptz,
  UNIQUE (shard, member_id, counter)
);

-- Tiers that fall: until when a tier is held, when that is looked at and from when on it counts
-- then; and the last one that was lost, with the window that it was lost for: a late sale in it puts
-- it right. [tier, held since, until, counted from, lost at]
ALTER TABLE standing ADD COLUMN tier_until timestamptz;
ALTER TABLE standing ADD COLUMN review_at timestamptz;
ALTER TABLE standing ADD COLUMN review_from timestamptz;
ALTER TABLE standing ADD COLUMN dropped jsonb;

-- What falls due, for whoever goes through a program at midnight.
CREATE INDEX account_changes ON account (program_id, shard, changes_at, member_id)
  WHERE changes_at < 'infinity';
CREATE INDEX account_inactive ON account (program_id, shard, inactive_at, member_id)
  WHERE inactive_at < 'infinity';
CREATE INDEX standing_review ON standing (program_id, shard, review_at, member_id)
  WHERE review_at IS NOT NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['returned', 'parked_return', 'progress'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
