-- What is unusual in a program, until a person closes it. `text` and `told` are a message and what
-- fills its places; `about` is the member that it concerns, or empty. The figures are those of the
-- last look that found it (`found_at`).
CREATE TABLE alert (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  pattern text NOT NULL,
  subject text NOT NULL,
  about text NOT NULL,
  since date NOT NULL,
  usual numeric,
  now numeric NOT NULL,
  sure numeric NOT NULL CHECK (sure BETWEEN 0 AND 1),
  text text NOT NULL,
  told jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'seen', 'closed')),
  raised_at timestamptz NOT NULL,
  found_at timestamptz NOT NULL,
  seen_at timestamptz,
  closed_at timestamptz,
  closed_by text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  PRIMARY KEY (program_id, id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
-- The same thing is told once, until it is closed.
CREATE UNIQUE INDEX alert_standing ON alert (program_id, kind, pattern, subject, about)
  WHERE state <> 'closed';
ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON alert USING (program_id = fiel_program());

-- When a program was looked at, up to which day, and what could not be looked at.
CREATE TABLE alert_look (
  program_id uuid PRIMARY KEY,
  day date NOT NULL,
  looked_at timestamptz NOT NULL,
  statements jsonb NOT NULL
);
ALTER TABLE alert_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE alert_look FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON alert_look USING (program_id = fiel_program());
