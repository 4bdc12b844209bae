-- The clock of a sandbox program, once it was set: it stands still until it is set again. Null: the
-- time on the wall.
ALTER TABLE program ADD COLUMN clock_at timestamptz;

-- How far the calendar went: the last day of the program's zone of which everything of a kind
-- (birthdays, anniversaries) was honoured.
CREATE TABLE calendar_day (
  program_id uuid NOT NULL,
  name text NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (program_id, name)
);
ALTER TABLE calendar_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_day FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON calendar_day USING (program_id = fiel_program());
