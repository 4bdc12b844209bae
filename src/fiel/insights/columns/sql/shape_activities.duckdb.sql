-- What was told, as the copy's tables hold it; `holder` numbers whom it was recorded for.
CREATE TEMP MACRO half_up(n, d) AS (2::HUGEINT * n + d) // (2::HUGEINT * d);
CREATE TEMP MACRO sixths(t) AS
  (coalesce(t, '0')::DECIMAL(25, 6) * 1000000::DECIMAL(7, 0))::HUGEINT;
CREATE TEMP MACRO twelfths(t) AS (t::DECIMAL(21, 12) * 1000000000000::DECIMAL(13, 0))::HUGEINT;
CREATE TEMP MACRO own_money(minor, rate, told, own) AS CASE WHEN rate IS NULL THEN minor
  ELSE half_up(minor * twelfths(rate) * own, told * 1000000000000::HUGEINT) END;
CREATE TEMP MACRO money(t, rate, told, own) AS
  own_money(sixths(t) * told // 1000000, rate, told, own);

CREATE TEMP TABLE told_sales AS
SELECT * EXCLUDE (facts), from_json(facts, '{"lines":[{"sku":"VARCHAR","name":"VARCHAR","category":"VARCHAR",
    "kind":"VARCHAR","quantity":"VARCHAR","unit_price":"VARCHAR","discount":"VARCHAR",
    "tax":"VARCHAR","cost":"VARCHAR"}],"shipping":"VARCHAR","currency":"VARCHAR",
    "exchange_rate":"VARCHAR","coupons":"JSON","cashier":"VARCHAR"}') AS f
FROM (
  SELECT t.* EXCLUDE (member_id), p.person AS holder,
    coalesce(s.sale, last_sale + row_number() OVER (
      PARTITION BY s.sale IS NULL ORDER BY t.sequence, t.id)) AS sale
  FROM told_activities t
  JOIN people p USING (member_id)
  LEFT JOIN (
    SELECT sale, sale_id::UUID AS id FROM stored_sales
    WHERE sale_id IN (SELECT id::VARCHAR FROM told_activities WHERE again)
  ) s USING (id), settings
  WHERE t.kind = 'sale'
);

CREATE TEMP TABLE new_lines AS
SELECT sale, number, holder, day, coalesce(line.sku, '') AS sku, coalesce(line.name, '') AS name,
  coalesce(line.category, '') AS category,
  CASE WHEN line.kind IS NOT NULL THEN line.kind
    WHEN line.category IS NOT NULL AND strlen(line.category) = length(line.category)
      AND lower(translate(line.category, ' -_', '')) IN (FROM gift_card_categories)
    THEN 'gift_card' ELSE 'goods' END AS kind,
  line.quantity::DECIMAL(38, 9) AS quantity, line.unit_price::DECIMAL(38, 9) AS unit_price,
  money(line.discount, rate, told, own)::BIGINT AS discount,
  (own_money(value, rate, told, own) - money(line.discount, rate, told, own))::BIGINT AS net,
  (own_money(value, rate, told, own) - money(line.discount, rate, told, own)
    + money(line.tax, rate, told, own))::BIGINT AS gross,
  CASE WHEN line.cost IS NOT NULL THEN money(line.cost, rate, told, own)::BIGINT END AS cost
FROM (
  SELECT sale, holder, day, number, line, rate, told, own,
    half_up(sixths(line.quantity) * sixths(line.unit_price) * told, 1000000000000) AS value
  FROM (
    SELECT sale, holder, day, unnest(f.lines) AS line,
      generate_subscripts(f.lines, 1) AS number,
      CASE WHEN f.currency IS NOT NULL AND f.currency <> settings.currency
        THEN f.exchange_rate END AS rate,
      coalesce(c.per_major, settings.per_major)::HUGEINT AS told,
      settings.per_major::HUGEINT AS own
    FROM told_sales
    LEFT JOIN currencies c ON c.code = f.currency, settings
  )
);

CREATE TEMP TABLE new_sales AS
SELECT t.sale, t.id::VARCHAR AS sale_id, t.holder, t.occurred_at, t.recorded_at,
  coalesce(t.counts_at, t.occurred_at) AS counts_at, t.day,
  t.store, t.channel, coalesce(t.f.cashier, '') AS cashier, t.source, t.external_id, t.net,
  t.gross, money(t.f.shipping,
    CASE WHEN t.f.currency IS NOT NULL AND t.f.currency <> settings.currency
      THEN t.f.exchange_rate END,
    coalesce(c.per_major, settings.per_major)::HUGEINT, settings.per_major::HUGEINT)::BIGINT
    AS shipping,
  l.margin, l.items, l.lines, t.version, coalesce(t.f.coupons::VARCHAR, '[]') AS coupons,
  coalesce(t.paid_points, 0) AS paid_points
FROM told_sales t
JOIN (
  SELECT sale, count(*) AS lines,
    coalesce(sum(quantity) FILTER (kind = 'goods'), 0)::DECIMAL(38, 9) AS items,
    CASE WHEN count(*) FILTER (kind = 'goods' AND cost IS NULL) = 0
      THEN coalesce(sum(net - cost) FILTER (kind = 'goods'), 0)::BIGINT END AS margin
  FROM new_lines GROUP BY sale
) l USING (sale)
LEFT JOIN currencies c ON c.code = t.f.currency, settings
ORDER BY t.sale;

CREATE TEMP TABLE of_sale AS
SELECT sale_id::UUID AS about, sale, net, margin, store FROM new_sales
UNION ALL
SELECT sale_id::UUID, sale, net, margin, store FROM stored_sales
WHERE sale_id IN (SELECT about::VARCHAR FROM told_activities WHERE about IS NOT NULL)
  AND sale NOT IN (SELECT sale FROM new_sales);

CREATE TEMP TABLE others AS
SELECT t.* EXCLUDE (member_id), p.person AS holder, s.sale, s.net AS sale_net,
  s.margin AS sale_margin, s.store AS sale_store
FROM told_activities t
JOIN people p USING (member_id)
LEFT JOIN of_sale s USING (about)
WHERE t.kind <> 'sale';

CREATE TEMP TABLE new_returns AS
SELECT id::VARCHAR AS return_id, sale, holder, occurred_at, recorded_at, day,
  CASE WHEN store <> '' THEN store ELSE coalesce(sale_store, '') END AS store,
  coalesce(facts ->> '$.cashier', '') AS cashier, net, gross,
  CASE WHEN net = sale_net THEN sale_margin
    ELSE (sign(sale_margin) * half_up(abs(sale_margin)::HUGEINT * net, sale_net))::BIGINT
  END AS margin,
  coalesce((facts ->> '$.cancelled')::BOOLEAN, false) AS cancels, facts AS content
FROM others WHERE kind = 'return'
ORDER BY sequence, id;

CREATE TEMP TABLE new_activities AS
SELECT id::VARCHAR AS activity_id, holder, kind,
  coalesce(facts ->> '$.type', facts ->> '$.segment', '') AS type, occurred_at, recorded_at, day,
  store, author,
  CASE WHEN kind = 'activity' THEN coalesce((facts -> '$.properties')::VARCHAR, '{}')
    ELSE facts END AS properties,
  version
FROM others WHERE kind <> 'return'
ORDER BY sequence, id;

CREATE TEMP TABLE every AS
SELECT id, kind, sale, holder, store, channel, occurred_at, recorded_at, day, version, awards,
  risen, sequence
FROM others WHERE NOT again
UNION ALL
SELECT id, kind, sale, holder, store, channel, occurred_at, recorded_at, day, version, awards,
  risen, sequence
FROM told_sales WHERE NOT again;

CREATE TEMP TABLE new_awards AS
SELECT id::VARCHAR AS activity_id, kind, sale, holder, award[1] AS rule,
  award[2] AS unit, award[3]::BIGINT AS points, version, occurred_at, day
FROM (
  SELECT * EXCLUDE (awards), unnest(from_json(awards, '[["VARCHAR"]]')) AS award
  FROM every WHERE awards IS NOT NULL
)
ORDER BY sequence, id;

CREATE TEMP TABLE new_tier_changes AS
SELECT id::VARCHAR AS activity_id, holder, risen ->> '$[0]' AS before, risen ->> '$[1]' AS after,
  occurred_at, day
FROM every WHERE risen IS NOT NULL
ORDER BY sequence, id;

CREATE TEMP TABLE new_members AS
SELECT n.person AS member, t.member_id::VARCHAR AS member_id, t.status, t.joined_at, t.joined_on,
  t.birthday, t.tier, t.segments, t.attributes, r.person AS referrer, t.email_consent, t.spend,
  t.visits
FROM told_people t
JOIN new_people n USING (member_id)
LEFT JOIN people r ON r.member_id = t.referred_by
WHERE t.status IN ('active', 'erased') AND t.survivor_id IS NULL
ORDER BY member;

CREATE TEMP TABLE new_leads AS
SELECT h.person AS holder, s.person AS member
FROM people h JOIN people s ON s.member_id = h.survivor_id
WHERE h.survivor_id IS NOT NULL
ORDER BY holder;

-- What is done with is let go: it is as large as all that is kept of it.
CREATE TEMP TABLE erased AS SELECT id FROM told_activities WHERE again;
DROP TABLE told_sales;
DROP TABLE others;
DROP TABLE told_activities;
ALTER TABLE every DROP COLUMN awards;
