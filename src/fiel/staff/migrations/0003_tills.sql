-- Tills: the devices that were let in, who works at them by PIN, and how far each may go in a day.

CREATE TABLE till_device (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  store text NOT NULL DEFAULT '',
  made_at timestamptz NOT NULL,
  key_id uuid,                      -- the API key that the last pairing made; null: never paired
  paired_at timestamptz,
  seen_at timestamptz,
  revoked_at timestamptz,
  tries integer NOT NULL DEFAULT 0, -- wrong PINs in a row
  locked_until timestamptz,
  PRIMARY KEY (program_id, id),
  CHECK ((key_id IS NULL) = (paired_at IS NULL))
);

-- A code that lets a device in, once. It is what tells the program, so that rows of all programs are
-- found here, as those of keys are.
CREATE TABLE till_pairing (
  code_hash bytea PRIMARY KEY,
  program_id uuid NOT NULL,
  device_id uuid NOT NULL,
  made_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX till_pairing_device ON till_pairing (program_id, device_id);

CREATE TABLE cashier (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  stores text[] NOT NULL DEFAULT '{}',   -- empty: every store
  pin_hash text NOT NULL,
  may_approve boolean NOT NULL DEFAULT false,
  redeem_a_day jsonb NOT NULL DEFAULT '{}', -- the most points of each unit that is named
  return_a_day bigint CHECK (return_a_day >= 0), -- in minor units; null: any amount
  active boolean NOT NULL DEFAULT true,
  epoch integer NOT NULL DEFAULT 0,      -- a session of an earlier one is over
  made_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, id)
);
CREATE UNIQUE INDEX cashier_name ON cashier (program_id, lower(name)) WHERE active;

-- What cashiers gave and took back, to be held against their limits; written with what it counts.
CREATE TABLE cashier_use (
  program_id uuid NOT NULL,
  cashier_id uuid NOT NULL,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('redeemed', 'returned')),
  unit text NOT NULL,                    -- a unit's id; the currency of what was returned
  about text NOT NULL,                   -- the request that did it: sent again, it counts once
  amount bigint NOT NULL CHECK (amount >= 0),
  device_id uuid NOT NULL,
  approved_by uuid,                      -- the cashier who let it go beyond
  at timestamptz NOT NULL,
  PRIMARY KEY (program_id, cashier_id, kind, unit, about)
);
CREATE INDEX cashier_use_day ON cashier_use (program_id, cashier_id, day);

CREATE TABLE till_setting (
  program_id uuid PRIMARY KEY,
  tax_percent numeric(5, 2) NOT NULL DEFAULT 0 CHECK (tax_percent >= 0 AND tax_percent < 100),
  sender text NOT NULL DEFAULT ''        -- the origin whose page may hand sales over
);

ALTER TABLE api_key ADD COLUMN device_id uuid;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['till_device', 'cashier', 'cashier_use', 'till_setting'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
