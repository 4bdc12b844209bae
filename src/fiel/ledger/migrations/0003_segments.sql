SET LOCAL lock_timeout = '5s';

-- Ids of segments, sorted. It is written by postings under the member's lock, like the rest.
ALTER TABLE standing ADD COLUMN segments text[] NOT NULL DEFAULT '{}';
CREATE INDEX standing_segments ON standing USING gin (segments) WHERE segments <> '{}';
