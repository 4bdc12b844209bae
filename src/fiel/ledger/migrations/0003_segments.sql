-- Which segments a member is in: their ids, sorted. They are written by postings under the member's
-- lock, like the rest of the standing. A constant default fills no row.
ALTER TABLE standing ADD COLUMN segments text[] NOT NULL DEFAULT '{}';
CREATE INDEX standing_segments ON standing USING gin (segments) WHERE segments <> '{}';
