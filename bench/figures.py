"""How long all figures take: ten million sales of half a million members, beside PostgreSQL.

    python -m bench.figures [--quick]

PostgreSQL is asked for a part of them, by month and in one statement, over a tenth of the sales; it
must say the same numbers. Run from the root of the repository.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg

from bench.history import UNTIL, made_history
from bench.place import Place, place
from bench.report import Row, Section
from fiel.domain.document import read_program
from fiel.insights.columns.opening import columns_of_folder
from fiel.insights.figures.cohort_report import make_cohorts
from fiel.insights.figures.customers import CUSTOMER_DAYS
from fiel.insights.figures.measuring import measured
from fiel.insights.figures.periods import Every, later, period_of, periods
from fiel.insights.figures.report import make_kpis
from fiel.insights.reporting.asked import Asked, Question

_SECONDS, _GIGABYTES = 5.0, 4.0
_LAST = UNTIL - timedelta(days=1)
_FIRST = later(period_of(_LAST, Every.MONTH), Every.MONTH, -11).since
_PROGRAM = read_program("""
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: never, value: 0.01}
""")
_COPIED = {"sales": "sale, member, day, net", "returns": "sale, net, cancels"}
_IN_ONE_STATEMENT = """
WITH back AS (
  SELECT sale, sum(net) AS net, bool_or(cancels) AS cancelled FROM returns GROUP BY sale
), bought AS (
  SELECT member, day, sales.net - coalesce(back.net, 0) AS net
  FROM sales LEFT JOIN back USING (sale)
  WHERE member IS NOT NULL
    AND NOT coalesce(cancelled OR sales.net > 0 AND back.net >= sales.net, false)
), period AS (
  SELECT month::date AS since, (month + interval '1 month')::date - 1 AS until
  FROM generate_series(%(first)s::date, %(last)s::date, interval '1 month') AS month
), each AS (
  SELECT since, until, member, min(day) AS first, max(day) AS last,
    max(day) FILTER (WHERE day < since) AS before,
    count(*) FILTER (WHERE day >= since) AS purchases,
    coalesce(sum(net) FILTER (WHERE day >= since), 0) AS net
  FROM bought JOIN period ON day <= until
  GROUP BY since, until, member
)
SELECT since, sum(purchases)::bigint, sum(net)::bigint, count(*) FILTER (WHERE last >= since),
  count(*) FILTER (WHERE before > since - 1 - %(days)s),
  count(*) FILTER (WHERE last > until - %(days)s),
  count(*) FILTER (WHERE last > until - %(days)s AND first >= since),
  count(*) FILTER (WHERE last > until - %(days)s AND before > since - 1 - %(days)s)
FROM each GROUP BY since ORDER BY since
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many sales of how many members, and which part of them PostgreSQL is asked for."""

    sales: int = 10_000_000
    members: int = 500_000
    share: int = 10

    @classmethod
    def quick(cls) -> Plan:
        """Enough to see that all works."""
        return cls(sales=200_000, members=10_000)


def measure(here: Place, plan: Plan, say: Callable[[str], None] = print) -> Section:
    """Make both reports, each in a process of its own; then ask PostgreSQL."""
    say(f"making {plan.sales:,} sales of {plan.members:,} members")
    rows = []
    with made_history(sales=plan.sales, members=plan.members) as folder:
        for name in ("kpis", "cohorts"):
            seconds, gigabytes = _apart(folder, name)
            rows += [
                Row(
                    f"report {name}, twelve months", f"{seconds:.1f} s", f"{plan.sales:,} sales",
                    f"< {_SECONDS:.0f} s", seconds < _SECONDS,
                ),
                Row(
                    "memory at its peak", f"{gigabytes:.1f} GB", "",
                    f"< {_GIGABYTES:.0f} GB", gigabytes < _GIGABYTES,
                ),
            ]  # fmt: skip
    part = plan.sales // plan.share
    say(f"asking PostgreSQL about {part:,} sales")
    with made_history(sales=part, members=plan.members // plan.share) as folder:
        ours, said = _ours(folder)
        theirs, also = _theirs(here, folder)
    if said != also:
        raise SystemExit("PostgreSQL says other numbers")
    rows.append(
        Row(
            f"sales and customers by month, {part:,} sales", f"{ours:.2f} s",
            f"PostgreSQL {theirs:.1f} s, {theirs / ours:.0f} × as long",
        )
    )  # fmt: skip
    return Section("Figures", rows, ("PostgreSQL says the same numbers; each is one run.",))


def _apart(folder: Path, name: str) -> tuple[float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_reported, (folder, name))


def _reported(folder: Path, name: str) -> tuple[float, float]:
    """The seconds that a report takes once its libraries are there, and the peak of memory."""
    question = Question(
        _PROGRAM, UUID(int=1), 1, datetime(*UNTIL.timetuple()[:3], 12, tzinfo=UTC), _FIRST, _LAST
    )
    make = {"kpis": make_kpis, "cohorts": make_cohorts}[name]
    with columns_of_folder(folder) as columns:
        begun = time.perf_counter()
        make(Asked(question, columns))
        seconds = time.perf_counter() - begun
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def _ours(folder: Path) -> tuple[float, list[tuple[date | int, ...]]]:
    told = list(periods(_FIRST, _LAST, Every.MONTH))
    with columns_of_folder(folder) as columns:
        begun = time.perf_counter()
        with measured(columns, _PROGRAM, told) as read:
            found = read.of(told)
        seconds = time.perf_counter() - begun
    return seconds, [
        (
            each.period.since,
            each.sold.members.purchases,
            each.sold.members.net,
            each.active_members,
            each.customers.at_start,
            each.customers.at_end,
            each.customers.new,
            each.customers.stayed,
        )
        for each in found
    ]


def _theirs(here: Place, folder: Path) -> tuple[float, list[tuple[date | int, ...]]]:
    url = here.new_database("figures")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE sales (sale bigint, member bigint, day date, net bigint)")
        connection.execute("CREATE TABLE returns (sale bigint, net bigint, cancels boolean)")
        for table, columns in _COPIED.items():
            told = folder / f"{table}.csv"
            source = folder / table / "history.parquet"
            duckdb.sql(f"COPY (SELECT {columns} FROM '{source}') TO '{told}' (HEADER false)")
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                copy.write(told.read_text(encoding="ascii"))
        connection.execute("ANALYZE")
        asked = {"first": _FIRST, "last": _LAST, "days": CUSTOMER_DAYS}
        begun = time.perf_counter()
        said = connection.execute(_IN_ONE_STATEMENT, asked).fetchall()
        seconds = time.perf_counter() - begun
    here.drop_database("figures")
    return seconds, said


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    plan = Plan.quick() if parser.parse_args().quick else Plan()
    with place() as here:
        for row in measure(here, plan).rows:
            print("  ".join(row.cells()))


if __name__ == "__main__":
    main()
