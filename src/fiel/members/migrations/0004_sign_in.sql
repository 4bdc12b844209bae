-- One-time codes. Neither the code nor the contact nor the address that asked stands here: each is
-- kept as a keyed hash, which is worth nothing to whoever has the table without the server's secret.
-- Whether the contact is a member's is not known here either: codes are sent to whoever asks.
CREATE TABLE sign_in_code (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  contact bytea NOT NULL,
  address bytea NOT NULL,
  code bytea NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  made_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (program_id, id)
);
CREATE INDEX sign_in_code_contact ON sign_in_code (program_id, contact, made_at);
CREATE INDEX sign_in_code_address ON sign_in_code (program_id, address, made_at);
CREATE INDEX sign_in_code_made ON sign_in_code (program_id, made_at);

-- Members who are signed in on a device. The token is the cookie's; here is its hash.
CREATE TABLE member_session (
  program_id uuid NOT NULL,
  token bytea NOT NULL,
  id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  device text NOT NULL DEFAULT '',
  made_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (program_id, token)
);
CREATE INDEX member_session_member ON member_session (program_id, member_id);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sign_in_code', 'member_session'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
