-- Months whose books are closed. `content` is what the books said then, for ever; `snapshot` tells
-- which transactions were in it, so that nothing is lost or counted twice by whatever was being
-- posted at that moment: what was not in it belongs to the month that is open.
CREATE TABLE closed_month (
  program_id uuid NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  closed_at timestamptz NOT NULL,
  closed_by text NOT NULL,
  version integer NOT NULL,         -- of the program that was in force
  snapshot text NOT NULL,           -- pg_snapshot of the transaction that closed it
  content jsonb NOT NULL,
  PRIMARY KEY (program_id, month)
);
ALTER TABLE closed_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE closed_month FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON closed_month USING (program_id = fiel_program());
