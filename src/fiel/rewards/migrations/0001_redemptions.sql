-- Redemptions and stock.
SELECT 1;
