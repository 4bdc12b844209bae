-- Coupons were used as often as carts used them, in all and by each member.
WITH used AS (
  SELECT coupon_id AS id, count(*) AS times
  FROM coupon_use
  WHERE program_id = %(program)s AND state = 'used'
  GROUP BY coupon_id
), by_member AS (
  SELECT u.member_id, c.coupon, count(*) AS times
  FROM coupon_use AS u
  JOIN coupon AS c ON c.program_id = u.program_id AND c.id = u.coupon_id
  WHERE u.program_id = %(program)s AND u.state = 'used' AND u.member_id IS NOT NULL
  GROUP BY u.member_id, c.coupon
), counted AS (
  SELECT member_id, coupon, used
  FROM coupon_count
  WHERE program_id = %(program)s
)
SELECT c.member_id, 'coupon ' || c.code, coalesce(used.times, 0)::text, c.used::text
FROM coupon AS c LEFT JOIN used USING (id)
WHERE c.program_id = %(program)s AND c.most IS NOT NULL AND coalesce(used.times, 0) <> c.used
UNION ALL
SELECT member_id, 'coupons ' || coupon, coalesce(by_member.times, 0)::text,
       coalesce(counted.used, 0)::text
FROM by_member FULL JOIN counted USING (member_id, coupon)
WHERE coalesce(by_member.times, 0) <> coalesce(counted.used, 0)
