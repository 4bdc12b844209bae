-- When each consent was given and taken back: what a person agreed to has to be shown later. Only
-- triggers write it; erasing a person deletes it.
CREATE TABLE member_consent (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  name text NOT NULL,
  given boolean NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (shard, member_id, name, at)
);

CREATE FUNCTION keep_member_consents() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO member_consent (program_id, shard, member_id, name, given, at)
    SELECT m.program_id, m.shard, m.id, told.name, told.given::boolean, m.created_at
    FROM made AS m CROSS JOIN LATERAL jsonb_each_text(m.consents) AS told (name, given)
    WHERE m.consents <> '{}' AND told.given IN ('true', 'false');
  ELSIF NEW.status <> 'erased' THEN
    INSERT INTO member_consent (program_id, shard, member_id, name, given, at)
    SELECT NEW.program_id, NEW.shard, NEW.id, coalesce(was.name, told.name),
           coalesce(told.given, 'false')::boolean, clock_timestamp()
    FROM jsonb_each_text(OLD.consents) AS was (name, given)
    FULL JOIN jsonb_each_text(NEW.consents) AS told (name, given) ON told.name = was.name
    WHERE coalesce(was.given, 'false') <> coalesce(told.given, 'false');
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER member_consents_of_new AFTER INSERT ON member
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION keep_member_consents();
CREATE TRIGGER member_consents_of_changed AFTER UPDATE OF consents ON member FOR EACH ROW
  WHEN (OLD.consents IS DISTINCT FROM NEW.consents)
  EXECUTE FUNCTION keep_member_consents();

SET LOCAL fiel.every_program = 'on';
INSERT INTO member_consent (program_id, shard, member_id, name, given, at)
SELECT m.program_id, m.shard, m.id, told.name, told.given::boolean, m.created_at
FROM member AS m CROSS JOIN LATERAL jsonb_each_text(m.consents) AS told (name, given)
WHERE m.consents <> '{}' AND told.given IN ('true', 'false');

ALTER TABLE member_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY of_one_program ON member_consent USING (program_id = fiel_program());
