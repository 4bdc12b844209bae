-- Publications that wait for their moment. The calendar makes them; who made one may cancel it. At
-- most one waits in a program, and it is made only of the draft that it was made from.
CREATE TABLE program_scheduled (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  document text NOT NULL,
  format text NOT NULL,
  author text NOT NULL,
  made_at timestamptz NOT NULL,
  publish_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'published', 'cancelled', 'refused')),
  ended_at timestamptz,
  version integer,                  -- what it became
  problem text NOT NULL DEFAULT '', -- why it was refused: a code
  PRIMARY KEY (program_id, id),
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CHECK ((state = 'published') = (version IS NOT NULL))
);
CREATE UNIQUE INDEX program_scheduled_waiting ON program_scheduled (program_id)
  WHERE state = 'waiting';
CREATE INDEX program_scheduled_due ON program_scheduled (publish_at) WHERE state = 'waiting';
ALTER TABLE program_scheduled ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_scheduled FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program_scheduled USING (program_id = fiel_program());
