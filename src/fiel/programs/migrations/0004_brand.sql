-- How a merchant looks to its members. Whoever has no row, or an empty field, looks as the program
-- says and in a colour that suits anybody.
CREATE TABLE program_brand (
  program_id uuid NOT NULL PRIMARY KEY,
  name text NOT NULL DEFAULT '',
  color text CHECK (color ~ '^#[0-9a-f]{6}$'),
  logo bytea,                       -- PNG, drawn anew from what was uploaded
  logo_version text,
  website text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  changed_at timestamptz NOT NULL,
  CHECK ((logo IS NULL) = (logo_version IS NULL))
);
ALTER TABLE program_brand ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_brand FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program_brand USING (program_id = fiel_program());
