-- Webhooks: who is told, how far, what has to be told again, and what was tried. Nothing is written
-- here when something happens to a member: an endpoint follows the outbox by a cursor of its own.

CREATE TABLE webhook_endpoint (
  program_id uuid NOT NULL,
  id uuid NOT NULL,
  url text NOT NULL,
  types text[],                     -- which events, exact or 'sale.*'; null: all
  description text NOT NULL DEFAULT '',
  secret text NOT NULL,
  previous_secret text,             -- signs as well, until
  previous_until timestamptz,
  enabled boolean NOT NULL DEFAULT true,
  disabled_at timestamptz,
  disabled_because text CHECK (disabled_because IN ('asked', 'gone', 'given_up')),
  created_at timestamptz NOT NULL,
  reached bigint NOT NULL,          -- the sequence up to which every event was tried
  failures integer NOT NULL DEFAULT 0, -- events that failed at once, since one was delivered
  failing_since timestamptz,
  delivered_at timestamptz,         -- when the receiver last took something
  not_before timestamptz,           -- until then the receiver asked to be left alone
  holder uuid,                      -- whose turn it is with this endpoint, until
  held_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (program_id, id),
  CHECK (enabled = (disabled_because IS NULL)),
  CHECK (enabled = (disabled_at IS NULL)),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
) WITH (fillfactor = 50);
CREATE INDEX webhook_endpoint_turn ON webhook_endpoint (held_until) WHERE enabled;

-- Events that an endpoint did not take, and passed. Those that were given up stay a while to be seen.
CREATE TABLE webhook_retry (
  program_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  sequence bigint NOT NULL,
  attempts integer NOT NULL,
  first_at timestamptz NOT NULL,
  next_at timestamptz,              -- null: given up
  PRIMARY KEY (program_id, endpoint_id, sequence)
);
CREATE INDEX webhook_retry_due ON webhook_retry (program_id, endpoint_id, next_at)
  WHERE next_at IS NOT NULL;

-- The newest attempts of each endpoint, for whoever looks for a fault. They say nothing about members.
CREATE TABLE webhook_attempt (
  program_id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  id uuid NOT NULL,
  message text NOT NULL,            -- the `webhook-id`
  type text NOT NULL,
  sequence bigint NOT NULL,
  number integer NOT NULL,
  attempted_at timestamptz NOT NULL,
  milliseconds integer NOT NULL,
  status smallint,                  -- null: there was no answer
  error text NOT NULL DEFAULT '',   -- why there was none
  outcome text NOT NULL CHECK (outcome IN ('delivered', 'failed', 'given_up', 'gone')),
  next_at timestamptz,              -- when it is tried again
  PRIMARY KEY (program_id, endpoint_id, id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['webhook_endpoint', 'webhook_retry', 'webhook_attempt'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
