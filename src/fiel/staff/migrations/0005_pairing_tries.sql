-- How often an address tried to let a till in, since a window began. Not isolated by program: what is
-- tried has told none yet. Rows of windows that are over are deleted.
CREATE TABLE till_pairing_try (
  address text PRIMARY KEY,
  began_at timestamptz NOT NULL,
  tries integer NOT NULL CHECK (tries > 0)
);
CREATE INDEX till_pairing_try_began ON till_pairing_try (began_at);
