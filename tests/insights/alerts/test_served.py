"""Who serves: each cashier's and each store's numbers beside the others'."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

from fiel.insights.alerts.served import OpenAlerts, served
from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.reporting.asked import Asked, Question
from fiel.insights.reporting.report import Report
from tests.insights.figures.book import CAFE_SOL
from tests.insights.impact.shop import rows_of

DAY, BEFORE = date(2026, 3, 10), date(2026, 1, 1)


def sale(number: int, cashier: str, *, member: int | None = None, claimed: bool = False, **told):
    recorded = None if claimed else member
    return {
        "sale": number, "cashier": cashier, "store": "centro", "day": DAY, "net": 1000,
        "member": member, "recorded_for": recorded,
    } | told  # fmt: skip


SALES = [
    sale(1, "iker", member=1),
    sale(2, "iker", member=1),
    sale(3, "iker", member=2, claimed=True),
    sale(4, "iker"),
    sale(5, "nora", member=2),
    sale(6, "nora", member=2, day=BEFORE),
    sale(7, "", store="norte"),
]
RETURNS = [{"return_id": "R-1", "cashier": "nora", "store": "centro", "day": DAY, "net": 300}]


def told(columns: Columns, *, alerts: Counter[str] | None = None) -> Report:
    question = Question(CAFE_SOL, UUID(int=1), 1, datetime(2026, 3, 20, 12, tzinfo=UTC))
    return served(Asked(question, columns, OpenAlerts(alerts or Counter(), Counter())))


def test_cashiers_are_told_with_their_numbers_who_sold_most_first() -> None:
    given = {"sales": rows_of("sales", SALES), "returns": rows_of("returns", RETURNS)}
    with columns_of_arrow(given) as columns:
        report = told(columns, alerts=Counter({"iker": 2}))

    cashiers, stores = report.tables
    # Sales, net, told with a member in percent, most to one, claimed later, returns, their net.
    assert cashiers.rows == (
        ("iker", 4, 4000, Fraction(50), 2, 1, 0, 0, 2),
        ("nora", 1, 1000, Fraction(100), 1, 0, 1, 300, 0),
    )
    assert [(row[0], row[1], row[6]) for row in stores.rows] == [("centro", 5, 1), ("norte", 1, 0)]
    assert (report.since, report.until) == (date(2026, 2, 21), date(2026, 3, 20))


def test_where_no_sale_names_a_cashier_the_report_says_so() -> None:
    with columns_of_arrow({"sales": rows_of("sales", [SALES[-1]])}) as columns:
        report = told(columns)

    assert [each.code for each in report.statements] == ["no_cashiers"]
