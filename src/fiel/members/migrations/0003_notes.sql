-- What the staff's pages need of people: finding them by what is typed, notes about them, and who
-- looks after them. New tables; the words of members who are there are filled in once, and
-- `member_key` is locked while its index is made anew.

-- Keys are compared byte by byte, so that those that begin with something stand together.
ALTER TABLE member_key ALTER COLUMN value TYPE text COLLATE "C";

-- Newest first, and by name.
CREATE INDEX member_newest ON member (program_id, joined_at, id) WHERE status = 'active';
CREATE INDEX member_by_name ON member (program_id, name COLLATE "C", id) WHERE status = 'active';

-- The words that a member is found by: of the name, in plain small letters, and the last digits of
-- the phone. Only triggers write it.
CREATE TABLE member_word (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  word text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, word, member_id)
);
CREATE INDEX member_word_member ON member_word (shard, member_id);

-- Letters without accents and capitals: “Núñez” is found by “nun”.
CREATE FUNCTION fiel_folded(told text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT lower(regexp_replace(normalize(told, NFKD), '[\u0300-\u036f]', '', 'g'))
$$;

CREATE FUNCTION fiel_words(name text, phone text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT DISTINCT left(word, 60)
  FROM regexp_split_to_table(fiel_folded(name), '[\s.,;''’·-]+') AS word
  WHERE word <> ''
  UNION
  SELECT right(phone, 4) WHERE phone IS NOT NULL
$$;

CREATE FUNCTION keep_member_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO member_word (program_id, shard, member_id, word)
    SELECT m.program_id, m.shard, m.id, word
    FROM made AS m CROSS JOIN LATERAL fiel_words(m.name, m.phone) AS word
    WHERE m.name <> '' OR m.phone IS NOT NULL;
  ELSE
    DELETE FROM member_word
    WHERE program_id = NEW.program_id AND shard = NEW.shard AND member_id = NEW.id;
    INSERT INTO member_word (program_id, shard, member_id, word)
    SELECT NEW.program_id, NEW.shard, NEW.id, word FROM fiel_words(NEW.name, NEW.phone) AS word;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER member_words_of_new AFTER INSERT ON member
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION keep_member_words();
CREATE TRIGGER member_words_of_changed AFTER UPDATE OF name, phone ON member FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.phone IS DISTINCT FROM NEW.phone)
  EXECUTE FUNCTION keep_member_words();

SET LOCAL fiel.every_program = 'on';
INSERT INTO member_word (program_id, shard, member_id, word)
SELECT m.program_id, m.shard, m.id, word
FROM member AS m CROSS JOIN LATERAL fiel_words(m.name, m.phone) AS word
WHERE m.name <> '' OR m.phone IS NOT NULL;

-- What people of the staff wrote down about a member.
CREATE TABLE member_note (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  id uuid NOT NULL,
  text text NOT NULL,
  user_id uuid,
  author text NOT NULL,             -- the name that stays when the account goes
  made_at timestamptz NOT NULL,
  UNIQUE (shard, member_id, id)
);
CREATE INDEX member_note_member ON member_note (program_id, member_id, made_at);

-- Who of the staff looks after a member.
CREATE TABLE member_manager (
  program_id uuid NOT NULL,
  shard smallint NOT NULL,
  member_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL,
  since timestamptz NOT NULL,
  UNIQUE (shard, member_id)
);
CREATE INDEX member_manager_user ON member_manager (program_id, user_id);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['member_word', 'member_note', 'member_manager'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_one_program ON %I USING (program_id = fiel_program())', name);
  END LOOP;
END
$$;
