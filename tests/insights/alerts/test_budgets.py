"""Budgets that run out before they should."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fiel.domain.document import read_program
from fiel.insights.alerts.budgets import budgets_ending
from fiel.insights.alerts.finding import Finding, Kind
from tests.insights.prediction.shop import Books

UNTIL = date(2026, 6, 30)
PROGRAM = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {{name: points, expiry: never}}
earn:
  - {{id: summer, event: sale, give: {{points: 1, per: "1.00"}}, budget: {{points: 10000}}{when}}}
"""
FOREVER = PROGRAM.format(when="")
UNTIL_AUGUST = PROGRAM.format(when=", when: {from: 2026-05-01, to: 2026-08-31}")


def test_a_budget_that_ends_before_its_rule_is_told_with_the_day():
    # 100 a day, 2,000 left: 20 days, and the rule lasts for 62 more.
    (finding,) = endings(gives(100), UNTIL_AUGUST, left=2000)

    assert (finding.kind, finding.pattern, finding.subject) == (Kind.BUDGET, "pace", "summer")
    assert finding.text.parameters["day"] == "2026-07-20"
    assert finding.text.parameters["last"] == "2026-08-31"
    assert finding.now == 100
    assert finding.usual == pytest.approx(2000 / 62)


def test_a_budget_that_lasts_as_long_as_its_rule_is_not_told():
    assert endings(gives(100), UNTIL_AUGUST, left=7000) == []


def test_a_budget_that_lasts_perhaps_is_not_told_for_sure():
    # Some days 0, some days 200: 62 days may take 5,600, or may not.
    assert endings(gives(0, 200), UNTIL_AUGUST, left=6000) == []
    assert len(endings(gives(0, 200), UNTIL_AUGUST, left=3000)) == 1


def test_a_budget_without_an_end_is_told_two_weeks_before():
    assert endings(gives(100), FOREVER, left=1500) == []
    assert len(endings(gives(100), FOREVER, left=1300)) == 1


def test_a_budget_that_is_spent_is_told():
    (finding,) = endings(gives(100), UNTIL_AUGUST, left=0)

    assert (finding.pattern, finding.sure) == ("spent", 1.0)


def test_a_rule_that_is_over_or_gave_nothing_is_not_told():
    over = PROGRAM.format(when=", when: {from: 2026-05-01, to: 2026-06-30}")

    assert endings(gives(100), over, left=0) == []
    assert endings(Books(), UNTIL_AUGUST, left=5000) == []


def test_a_rule_that_has_just_begun_has_no_pace_yet():
    begun = PROGRAM.format(when=", when: {from: 2026-06-26, to: 2026-08-31}")

    assert endings(gives(100, days=5), begun, left=5000) == []


def test_the_pace_of_a_rule_counts_from_its_first_day():
    begun = PROGRAM.format(when=", when: {from: 2026-06-17, to: 2026-08-31}")

    (finding,) = endings(gives(100, days=14), begun, left=5000)

    assert finding.now == 100


def gives(*points: int, days: int = 28) -> Books:
    shop = Books()
    for back in range(days):
        amount = points[back % len(points)]
        if amount:
            shop.adds(
                "awards", rule="summer", unit="points", points=amount,
                day=UNTIL - timedelta(days=back), member=1,
            )  # fmt: skip
    return shop


def endings(shop: Books, document: str, *, left: int) -> list[Finding]:
    program = read_program(document)
    with shop.opened() as columns:
        kept = {("summer", "points"): left}
        return list(budgets_ending(columns, program, kept, until=UNTIL))
