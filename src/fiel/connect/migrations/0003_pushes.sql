-- What each phone with a pass has still to hear of, and from when on it is told.
SET LOCAL lock_timeout = '5s';

ALTER TABLE wallet_device
  -- The change of the pass that the phone has not heard of; NULL when it has heard of all.
  ADD COLUMN news_at timestamptz,
  -- Not before then is it told: somebody is telling it, or it was not taken the last times.
  ADD COLUMN push_at timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN failures integer NOT NULL DEFAULT 0;

CREATE INDEX wallet_device_due ON wallet_device (program_id, push_at) WHERE news_at IS NOT NULL;
CREATE INDEX wallet_device_of_member ON wallet_device (program_id, member_id);
