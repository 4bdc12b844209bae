-- Merges, households, referrals.
SELECT 1;
