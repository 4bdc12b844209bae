-- The ledger. Every row of a member carries program_id, shard and member_id, none of them ever
-- updated; unique keys begin with shard or contain member_id; nothing refers from one member to
-- another. There are no foreign keys: `fiel audit` proves what they would.

-- Activities: everything that happened, as it was told, and what was decided about it.
CREATE TABLE activity (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,               -- sale | activity | enrolment | birthday | anniversary | balance
  source text NOT NULL DEFAULT '',
  external_id text,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  store text NOT NULL DEFAULT '',
  channel text NOT NULL DEFAULT '',
  net bigint NOT NULL DEFAULT 0,    -- goods, before tax, minor units
  gross bigint NOT NULL DEFAULT 0,
  version integer NOT NULL,         -- of the program that decided
  facts jsonb NOT NULL,             -- what was told: lines, shipping, properties
  decision jsonb NOT NULL,          -- what was decided, with its reasons and what stood after
  fingerprint bytea NOT NULL,       -- of what was told: tells a retry from a mistake
  UNIQUE (id, member_id, shard)
);
CREATE INDEX activity_member ON activity (shard, member_id, occurred_at);
CREATE UNIQUE INDEX activity_natural ON activity (shard, member_id, kind, source, external_id)
  WHERE external_id IS NOT NULL;

-- What is unique across members leads to its row.
CREATE TABLE activity_key (
  program_id uuid NOT NULL,
  kind text NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  activity_id uuid NOT NULL,
  PRIMARY KEY (program_id, kind, source, external_id)
);

CREATE TABLE idempotency_key (
  program_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  claimed_at timestamptz NOT NULL,
  status smallint,                  -- null while the request is under way
  activity_id uuid,                 -- the answer is that of an activity, or
  answer bytea,                     -- these bytes
  PRIMARY KEY (program_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (program_id, claimed_at);

-- Where a member stands: one row each, locked by every posting.
CREATE TABLE standing (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'active',
  joined_at timestamptz NOT NULL,
  tier text,
  tier_since timestamptz,
  spend bigint NOT NULL DEFAULT 0,          -- net of goods, minor units, ever
  visits bigint NOT NULL DEFAULT 0,
  window_from timestamptz,                  -- what counts towards the tier lies in
  window_until timestamptz,                 -- [window_from, window_until)
  window_spend bigint NOT NULL DEFAULT 0,
  window_points bigint NOT NULL DEFAULT 0,
  window_visits bigint NOT NULL DEFAULT 0,
  first_activity_at timestamptz,
  last_activity_at timestamptz,
  sequence bigint NOT NULL DEFAULT 0,       -- counts the member's events
  UNIQUE (shard, member_id)
) WITH (fillfactor = 80);

-- Growing counters; a balance is their difference.
CREATE TABLE account (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  unit text NOT NULL,
  available_in bigint NOT NULL DEFAULT 0,
  available_out bigint NOT NULL DEFAULT 0,
  pending_in bigint NOT NULL DEFAULT 0,
  pending_out bigint NOT NULL DEFAULT 0,
  held_in bigint NOT NULL DEFAULT 0,
  held_out bigint NOT NULL DEFAULT 0,
  debt_in bigint NOT NULL DEFAULT 0,        -- paid back
  debt_out bigint NOT NULL DEFAULT 0,       -- owed
  issued bigint NOT NULL DEFAULT 0,         -- ever earned
  changes_at timestamptz NOT NULL DEFAULT 'infinity', -- when the next lot starts or ends
  inactive_at timestamptz NOT NULL DEFAULT 'infinity', -- when doing nothing ends the points
  UNIQUE (shard, member_id, unit),
  CHECK (available_in >= available_out AND available_out >= 0),
  CHECK (pending_in >= pending_out AND pending_out >= 0),
  CHECK (held_in >= held_out AND held_out >= 0),
  CHECK (debt_out >= debt_in AND debt_in >= 0),
  CHECK (issued >= 0)
) WITH (fillfactor = 80);

-- Points that moved between two places: a state of the member's account (1-9) or one of the
-- program's accounts (10-). Never changed, never deleted.
CREATE TABLE transfer (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  unit text NOT NULL,
  debit smallint NOT NULL,          -- where they came from
  credit smallint NOT NULL,         -- where they went
  points bigint NOT NULL CHECK (points > 0),
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  pair_id uuid,                     -- the other half, between two members
  UNIQUE (shard, member_id, id),
  CHECK (debit <> credit),
  CHECK (debit < 10 OR credit < 10)
);

-- What was earned together. A lot bears the id of the transfer that made it.
CREATE TABLE lot (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  id uuid NOT NULL,
  activity_id uuid NOT NULL,
  unit text NOT NULL,
  funder text NOT NULL DEFAULT '',
  worth numeric,                    -- money (major units) of one point, when it was earned
  points bigint NOT NULL CHECK (points > 0),
  drawn bigint NOT NULL DEFAULT 0,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL DEFAULT 'infinity',
  activated boolean NOT NULL,       -- false while its points stand as pending in the account
  UNIQUE (shard, member_id, id),
  CHECK (drawn BETWEEN 0 AND points)
) WITH (fillfactor = 90);
CREATE INDEX lot_open ON lot (shard, member_id, unit, ends_at) WHERE drawn < points;

-- Which lots a debit took its points from.
CREATE TABLE draw (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  transfer_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  UNIQUE (shard, member_id, transfer_id, lot_id)
);
CREATE INDEX draw_lot ON draw (shard, member_id, lot_id);

-- How often a rule awarded a member in a period.
CREATE TABLE limit_use (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  rule text NOT NULL,
  period_start date NOT NULL,
  used integer NOT NULL CHECK (used >= 0),
  UNIQUE (shard, member_id, rule, period_start)
);

-- What a rule has given out of its budget. Shared by members, so taken last.
CREATE TABLE budget (
  program_id uuid NOT NULL,
  rule text NOT NULL,
  unit text NOT NULL,
  slot smallint NOT NULL DEFAULT 0,
  used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  PRIMARY KEY (program_id, rule, unit, slot)
);

-- What is to be announced. `sequence` orders events as they became visible: it is made of the
-- transaction's number, so that a reader below the oldest running one misses none.
CREATE TABLE outbox (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  sequence bigint NOT NULL,
  member_sequence bigint NOT NULL,
  type text NOT NULL,
  activity_id uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (shard, program_id, sequence)
);

-- Files that were imported, so that one can be resumed and told from another.
CREATE TABLE import_run (
  id uuid PRIMARY KEY,
  program_id uuid NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  file_hash bytea NOT NULL,
  mapping jsonb NOT NULL,
  rows_done bigint NOT NULL DEFAULT 0,
  accepted bigint NOT NULL DEFAULT 0,
  repeated bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  UNIQUE (program_id, kind, file_hash, id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['activity', 'activity_key', 'idempotency_key', 'standing', 'account',
      'transfer', 'lot', 'draw', 'limit_use', 'budget', 'outbox', 'import_run'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
