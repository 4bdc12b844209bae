-- Numbers for people, in the order in which they were first heard of; below zero for who has no
-- name. Whoever is known keeps the number.
CREATE TEMP TABLE new_people AS
SELECT CASE WHEN known IS NOT NULL THEN known
    WHEN nameless THEN -(last_nameless + place) ELSE last_person + place
  END AS person, member_id, status, survivor_id, erased_now
FROM (
  SELECT p.member_id, p.status, p.survivor_id, known.person AS known,
    p.status IN ('nameless', 'claimed') AS nameless,
    p.status = 'erased' AND known.status <> 'erased' AS erased_now,
    row_number() OVER (
      PARTITION BY known.person IS NULL, p.status IN ('nameless', 'claimed')
      ORDER BY seen.sequence NULLS LAST, p.member_id
    ) AS place
  FROM told_people p
  LEFT JOIN stored_people known USING (member_id)
  LEFT JOIN (
    SELECT member_id, min(sequence) AS sequence FROM told_activities GROUP BY member_id
  ) seen USING (member_id)
), settings;

CREATE TEMP TABLE people AS
SELECT person, member_id, status, survivor_id FROM new_people
UNION ALL
SELECT person, member_id, status, survivor_id FROM stored_people ANTI JOIN new_people USING (member_id);
