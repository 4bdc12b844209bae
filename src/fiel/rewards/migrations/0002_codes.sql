-- Codes, coupons and gift cards.
SELECT 1;
