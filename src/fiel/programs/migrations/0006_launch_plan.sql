-- How a program began: what was answered, and the version that only recorded sales before it.
CREATE TABLE program_start (
  program_id uuid NOT NULL PRIMARY KEY,
  answers jsonb NOT NULL,
  quiet_version integer,            -- null: no sale was recorded before the program
  begun_at timestamptz NOT NULL
);
ALTER TABLE program_start ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_start FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON program_start USING (program_id = fiel_program());

-- The steps of a launch: who does each, until when, and that it is done. A step without a row stands
-- as the plan made from the program says; one with a title is the merchant's own.
CREATE TABLE launch_step (
  program_id uuid NOT NULL,
  step text NOT NULL,
  title text NOT NULL DEFAULT '',
  owner text NOT NULL DEFAULT '',
  due date,
  done_at timestamptz,
  done_by text NOT NULL DEFAULT '', -- empty: the facts say so
  PRIMARY KEY (program_id, step)
);
ALTER TABLE launch_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE launch_step FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON launch_step USING (program_id = fiel_program());
