-- Which person is what in which program. Not isolated by program: it is what tells the programs of
-- a person. `stores` empty means all of them.
CREATE TABLE staff_membership (
  program_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES staff_user (id),
  role text NOT NULL CHECK (role IN ('owner', 'marketer', 'manager', 'finance', 'support', 'cashier')),
  stores text[] NOT NULL DEFAULT '{}',
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program_id, user_id)
);
CREATE INDEX staff_membership_user ON staff_membership (user_id);

-- What people did in the console: written once, never changed. `about` names what it was done to
-- ("member:<id>", "program:<slug>", ...).
CREATE TABLE audit_entry (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  user_id uuid,
  actor text NOT NULL,
  action text NOT NULL,
  about text NOT NULL DEFAULT '',
  details jsonb NOT NULL DEFAULT '{}',
  address text NOT NULL DEFAULT '',
  PRIMARY KEY (program_id, id)
);
CREATE INDEX audit_entry_about ON audit_entry (program_id, about, id);
CREATE INDEX audit_entry_user ON audit_entry (program_id, user_id, id);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON audit_entry USING (program_id = fiel_program());

-- Work that takes longer than a page waits for. Whoever does it says so now and then (`beat_at`):
-- what has not been heard of for a while was cut off with its process.
CREATE TABLE job (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  user_id uuid,
  title text NOT NULL,
  back_to text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped')),
  share numeric NOT NULL DEFAULT 0,
  says text NOT NULL DEFAULT '',
  result jsonb,
  problem text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (program_id, id)
);
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON job USING (program_id = fiel_program());

-- Programs into which whoever comes may step with one click: the demo's, and sandboxes only.
CREATE TABLE demo_door (
  program_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES staff_user (id),
  opened_at timestamptz NOT NULL DEFAULT now()
);

-- What Django's cache keeps, for all processes: attempts to sign in, above all.
CREATE TABLE django_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX django_cache_expires ON django_cache (expires);
