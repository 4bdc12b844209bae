"""A history in the columnar copy's own tables, made by DuckDB alone: for measuring what reads it.

    python -m bench.history --sales 10000000 --members 500000 --to /tmp/history

    with made_history(sales=10_000_000, members=500_000) as folder, columns_of_folder(folder) as c:
        ...

Two years up to `UNTIL`. The same numbers make the same history. One sale in ten is without a
member; half of the members were there at the start and the others join evenly; a tenth of them
comes all the time, the others less the longer they are members. Each sale has one to three lines,
each of a member's sales gives a point for each euro, kept in a lot of a year; one in twenty-five
redeems a reward; one in fifty comes back. Costs are told, but for one line in a hundred.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from fiel.insights.columns.tables import TABLES

UNTIL = date(2026, 6, 1)
DAYS = 730
STORES, REWARDS, SKUS = 12, 6, 400
WITHOUT_MEMBER, REDEEMS, COMES_BACK = 10, 25, 50
PRICE_OF_REWARD = 100

# A number in [0, 1) that depends on the row and the purpose alone.
_PREPARED = f"""
CREATE MACRO chance(i, purpose) AS (hash(i * 31 + purpose) >> 11)::DOUBLE / 9007199254740992.0;
CREATE MACRO below(n, i, purpose) AS (hash(i * 31 + purpose) % n::UBIGINT)::BIGINT;
CREATE MACRO id(of, i) AS printf('%08x-0000-7000-8000-%012x', of, i);
CREATE MACRO begun() AS (DATE '{UNTIL}' - {DAYS})::TIMESTAMP;
CREATE TABLE many AS SELECT $sales::BIGINT AS sales, $members::BIGINT AS members;
"""

# Of sale i of n: when it was, and whose; what all other tables are made from.
_BASE = f"""
CREATE VIEW base AS
SELECT i AS sale, moment, moment::DATE AS day,
  'store-' || lpad((1 + below({STORES}, i, 1))::VARCHAR, 2, '0') AS store,
  CASE WHEN below(5, i, 2) = 0 THEN 'online' ELSE 'shop' END AS channel,
  CASE WHEN below({WITHOUT_MEMBER}, i, 3) = 0 THEN NULL
    WHEN below(2, i, 4) = 0 THEN 1 + 10 * floor(chance(i, 5) * (joined // 10))::BIGINT
    ELSE joined - floor(joined * pow(chance(i, 6), 3))::BIGINT
  END AS member,
  1 + below(3, i, 7) AS lines
FROM (
  SELECT i,
    begun() + to_microseconds(((i - 1) * ({DAYS} * 86400000000.0 / sales))::BIGINT) AS moment,
    greatest(10, floor(members * (0.5 + 0.5 * (i - 1) / sales))::BIGINT) AS joined
  FROM many, range(1, $sales + 1) r (i)
);
CREATE VIEW lines AS
SELECT sale, number, member, day, article,
  1 + (below(20, sale * 4 + number, 11) = 0)::BIGINT AS quantity,
  120 + article * 7 AS price,
  CASE WHEN below(10, sale * 4 + number, 12) = 0 THEN 20 ELSE 0 END AS discount
FROM (
  SELECT sale, number, member, day,
    floor({SKUS} * pow(chance(sale * 4 + number, 10), 2))::BIGINT AS article
  FROM base, unnest(range(1, lines + 1)) AS l (number)
);
CREATE TABLE sums AS
SELECT b.*, l.net, l.items, l.margin FROM base b
JOIN (
  SELECT sale, sum(quantity * price - discount)::BIGINT AS net, sum(quantity)::BIGINT AS items,
    CASE WHEN count(*) FILTER (below(100, sale * 4 + number, 13) = 0) = 0
      THEN sum(quantity * price - discount - quantity * (price * 3 // 5))::BIGINT END AS margin
  FROM lines GROUP BY sale
) l USING (sale);
"""

_TABLES = {
    "members": """
SELECT m AS member, id(1, m) AS member_id, 'active' AS status, moment AS joined_at,
  moment::DATE AS joined_on, DATE '1950-01-01' + below(20000, m, 20)::INTEGER AS birthday,
  CASE WHEN coalesce(spend, 0) >= 100000 THEN 'gold' WHEN spend >= 30000 THEN 'silver'
    ELSE 'basic' END AS tier,
  '[]' AS segments, '{}' AS attributes,
  CASE WHEN below(20, m, 21) = 0 AND m > 1 THEN 1 + below(m - 1, m, 22) END AS referrer,
  below(2, m, 23) = 0 AS email_consent, coalesce(spend, 0)::BIGINT AS spend,
  coalesce(visits, 0)::BIGINT AS visits
FROM (
  SELECT m, begun() + to_days(CASE WHEN m <= members // 2 THEN -1 - below(200, m, 24)::INTEGER
    ELSE floor(730.0 * (2.0 * m / members - 1))::INTEGER END) AS moment
  FROM many, range(1, $members + 1) r (m)
) LEFT JOIN (
  SELECT member AS m, sum(net) AS spend, count(*) AS visits FROM sums GROUP BY member
) USING (m) ORDER BY m
""",
    "sales": """
SELECT sale, id(2, sale) AS sale_id, member, member AS recorded_for, moment AS occurred_at,
  moment AS recorded_at, moment AS counts_at, day, store, channel,
  CASE WHEN channel = 'shop' THEN store || '-' || (1 + below(4, sale, 30))::VARCHAR ELSE '' END
    AS cashier,
  'till' AS source, 'T-' || sale AS external_id, net, (net * 110 + 50) // 100 AS gross,
  CASE WHEN channel = 'online' THEN 390 ELSE 0 END::BIGINT AS shipping, margin,
  items::DECIMAL(38, 9) AS items, lines, 1::BIGINT AS version, '[]' AS coupons,
  0::BIGINT AS paid_points
FROM sums
""",
    "lines": """
SELECT sale, number, member, day, 'A' || lpad(article::VARCHAR, 4, '0') AS sku,
  'Article ' || article AS name, 'category-' || article % 20 AS category, 'goods' AS kind,
  quantity::DECIMAL(38, 9) AS quantity, (price / 100)::DECIMAL(38, 9) AS unit_price,
  discount::BIGINT AS discount, quantity * price - discount AS net,
  ((quantity * price - discount) * 110 + 50) // 100 AS gross,
  CASE WHEN below(100, sale * 4 + number, 13) <> 0 THEN quantity * (price * 3 // 5) END AS cost
FROM lines
""",
    "returns": f"""
SELECT id(3, sale) AS return_id, sale, member, moment AS occurred_at, moment AS recorded_at,
  moment::DATE AS day, store, '' AS cashier, net, (net * 110 + 50) // 100 AS gross, margin,
  true AS cancels, '{{"reason":"cancelled"}}' AS content
FROM (
  SELECT * REPLACE (moment + to_days(1 + below(14, sale, 40)::INTEGER) AS moment) FROM sums
  WHERE below({COMES_BACK}, sale, 41) = 0
) WHERE moment < DATE '{UNTIL}' ORDER BY moment
""",
    "activities": """
SELECT id(2, sale) AS activity_id, member, 'enrolment' AS kind, '' AS type, moment AS occurred_at,
  moment AS recorded_at, moment::DATE AS day, '' AS store, '' AS author, '{}' AS properties,
  1::BIGINT AS version
FROM sums WHERE false
UNION ALL
SELECT id(5, member), member, 'enrolment', '', joined_at, joined_at, joined_on, '', '', '{}', 1
FROM members ORDER BY occurred_at
""",
    "awards": """
SELECT id(2, sale) AS activity_id, 'sale' AS kind, sale, member, 'base' AS rule,
  'points' AS unit, net // 100 AS points, 1::BIGINT AS version, moment AS occurred_at, day
FROM sums WHERE member IS NOT NULL AND net >= 100
""",
    "movements": f"""
SELECT id(6, sale) AS transfer_id, id(2, sale) AS activity_id, 'sale' AS kind, sale, member,
  'points' AS unit, 10::BIGINT AS debit, 1::BIGINT AS credit, net // 100 AS points,
  moment AS occurred_at, moment AS recorded_at, day, store, channel
FROM sums WHERE member IS NOT NULL AND net >= 100
UNION ALL
SELECT id(7, sale), id(4, sale), 'redeem', NULL, member, 'points', 1, 11, {PRICE_OF_REWARD},
  moment, moment, day, store, channel
FROM sums WHERE member IS NOT NULL AND below({REDEEMS}, sale, 50) = 0
""",
    "lots": """
SELECT id(6, sale) AS lot_id, member, 'points' AS unit, net // 100 AS points,
  CASE WHEN below(3, sale, 51) = 0 THEN net // 100 ELSE 0 END AS drawn, '' AS funder,
  '0.01' AS worth, moment AS starts_at, (day + INTERVAL 1 YEAR)::TIMESTAMP AS ends_at, day
FROM sums WHERE member IS NOT NULL AND net >= 100
""",
    "redemptions": f"""
SELECT id(4, sale) AS redemption_id, member,
  'reward-' || (1 + below({REWARDS}, sale, 52)) AS reward, 'product' AS kind,
  1::BIGINT AS quantity, 'captured' AS status, 'points' AS unit,
  {PRICE_OF_REWARD}::BIGINT AS points, moment AS made_at, moment AS captured_at, day, store,
  '' AS author, NULL::VARCHAR AS milestone, 1::BIGINT AS version
FROM sums WHERE member IS NOT NULL AND below({REDEEMS}, sale, 50) = 0
""",
}


def make_history(folder: Path, *, sales: int, members: int, memory: str = "4GB") -> None:
    """Write a history as Parquet files, one folder a table; what is in the folder goes."""
    shutil.rmtree(folder, ignore_errors=True)
    with duckdb.connect(config={"memory_limit": memory}) as connection:
        for statement in (_PREPARED + _BASE).split(";\n"):
            if statement.strip():
                connection.execute(_counted(statement, sales, members))
        for table, statement in _TABLES.items():
            place = folder / table
            place.mkdir(parents=True)
            written = _counted(statement, sales, members)
            if table == "members":  # the enrolments are read from it
                connection.execute(f"CREATE TABLE members AS {written}")
                written = "FROM members"
            columns = ", ".join(TABLES[table].names)
            connection.execute(
                f"COPY (SELECT {columns} FROM ({written})) TO '{place / 'history.parquet'}'"
            )


def _counted(statement: str, sales: int, members: int) -> str:
    # Views and COPY take no parameters.
    return statement.replace("$sales", str(sales)).replace("$members", str(members))


@contextmanager
def made_history(*, sales: int, members: int) -> Iterator[Path]:
    """A folder with a history in it, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="fiel-history-") as folder:
        make_history(Path(folder), sales=sales, members=members)
        yield Path(folder)


def main() -> None:
    """Make a history where it is asked for, and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sales", type=int, default=10_000_000)
    parser.add_argument("--members", type=int, default=500_000)
    parser.add_argument("--to", type=Path, required=True)
    told = parser.parse_args()
    begun = time.monotonic()
    make_history(told.to, sales=told.sales, members=told.members)
    size = sum(file.stat().st_size for file in told.to.rglob("*.parquet"))
    print(f"{told.sales:,} sales: {time.monotonic() - begun:.1f} s, {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
