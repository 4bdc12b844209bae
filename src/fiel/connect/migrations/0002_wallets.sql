-- A member's pass in a wallet: a digest of what it said last, and since when it says so.
CREATE TABLE wallet_pass (
  program_id uuid NOT NULL,
  wallet text NOT NULL CHECK (wallet IN ('apple', 'google')),
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  digest bytea NOT NULL,
  changed_at timestamptz NOT NULL,
  sequence bigint NOT NULL DEFAULT -1, -- of the member's events, up to which the wallet was told
  PRIMARY KEY (program_id, wallet, member_id)
);

-- Phones that registered to hear of a pass. They say nothing about the person.
CREATE TABLE wallet_device (
  program_id uuid NOT NULL,
  device text NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  push_token text NOT NULL,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, device, member_id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['wallet_pass', 'wallet_device'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
