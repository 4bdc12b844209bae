-- Who was asked to join a program's staff; of the link only a hash is kept. Not isolated by
-- program: the link is what tells the program.
CREATE TABLE staff_invitation (
  id uuid PRIMARY KEY,
  program_id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'marketer', 'manager', 'finance', 'support', 'cashier')),
  stores text[] NOT NULL DEFAULT '{}',
  hash bytea NOT NULL UNIQUE,
  invited_by uuid REFERENCES staff_user (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  withdrawn_at timestamptz
);
CREATE INDEX staff_invitation_program ON staff_invitation (program_id);

-- What a program asks of its staff. `limits` are points by role and unit.
CREATE TABLE staff_policy (
  program_id uuid PRIMARY KEY,
  second_factor boolean NOT NULL DEFAULT false,
  limits jsonb NOT NULL DEFAULT '{}',
  changed_at timestamptz NOT NULL
);
ALTER TABLE staff_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_policy FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON staff_policy USING (program_id = fiel_program());

-- Adjustments that wait for a second person. Whoever asks does not decide.
CREATE TABLE approval (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  about text NOT NULL,
  content jsonb NOT NULL,
  unit text NOT NULL,
  points bigint NOT NULL,
  reason text NOT NULL,
  asked_by uuid NOT NULL,
  asked_by_name text NOT NULL,
  asked_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'done', 'failed', 'refused')),
  decided_by uuid,
  decided_by_name text NOT NULL DEFAULT '',
  decided_at timestamptz,
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (program_id, id),
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK (state NOT IN ('approved', 'done', 'failed') OR decided_by <> asked_by)
);
CREATE INDEX approval_asked ON approval (program_id, state, asked_at);
ALTER TABLE approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE approval FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON approval USING (program_id = fiel_program());
