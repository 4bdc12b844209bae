-- The sandbox clock.
SELECT 1;
