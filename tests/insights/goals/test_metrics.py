"""The metrics of goals month by month, on a book whose sums can be done by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from fiel.insights.figures.measuring import measured
from fiel.insights.figures.periods import Period
from fiel.insights.goals.labels import LABELS
from fiel.insights.goals.metrics import Number, metric_by_month
from fiel.ledger.accounts import Place
from tests.insights.figures.book import ANA, BERTA, CAFE_SOL, CARLA, Book

JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


def book() -> Book:
    """Two members buy in January, a third joins in February, and one of them buys again."""
    told = Book()
    told.joins(ANA, "01-02")
    told.joins(BERTA, "01-02")
    told.joins(CARLA, "02-03")
    told.sells("01-10", 1_000, ANA, margin=400)
    told.sells("01-11", 2_000, ANA, margin=800)
    told.sells("01-12", 3_000, BERTA, margin=1_000)
    told.sells("01-13", 9_000, None, margin=9_000)
    told.moves("01-10", ANA, 20, Place.ISSUED, Place.AVAILABLE)
    told.sells("02-10", 5_000, BERTA, margin=1_500)
    return told


@pytest.mark.parametrize(
    ("metric", "months"),
    [
        # 60.00 in three purchases, then 50.00 in one.
        ("average_spend", [Fraction(2_000), Fraction(5_000)]),
        ("purchase_frequency", [Fraction(3, 2), Fraction(1)]),
        ("new_members", [2, 1]),
        # A margin of 22.00 less 20 points of 0.05, then 15.00 and no points.
        ("profit", [Fraction(2_200 - 100), Fraction(1_500)]),
        # Nobody was a customer long enough before either month to be kept or lost.
        ("retention", [None, None]),
        # Both of two members, then one of three.
        ("engagement", [Fraction(100), Fraction(100, 3)]),
    ],
)
def test_a_metric_is_what_its_definition_says(metric: str, months: list[Number]) -> None:
    assert values(book(), metric) == months


def test_who_acts_or_redeems_is_engaged_without_buying() -> None:
    told = book()
    told.acts("02-05", ANA)

    assert values(told, "engagement") == [100, Fraction(200, 3)]


def test_a_gift_of_a_milestone_is_nothing_that_a_member_did() -> None:
    told = book()
    told.redeems("02-05", ANA, milestone="diez")
    assert values(told, "engagement") == [100, Fraction(100, 3)]

    told.redeems("02-06", ANA)
    assert values(told, "engagement") == [100, Fraction(200, 3)]


def test_without_costs_no_profit_is_told_and_without_sales_there_was_none() -> None:
    told = Book()
    told.joins(ANA, "01-02")
    told.sells("01-10", 1_000, ANA)
    assert values(told, "profit") == [None, 0]


def test_without_members_no_share_of_them_is_told() -> None:
    assert values(Book(), "engagement") == [None, None]


def test_every_metric_of_a_goal_has_its_name() -> None:
    from fiel.domain.document.rewarding import Metric

    assert set(LABELS) == set(Metric)


def values(told: Book, metric: str) -> list[Number]:
    months = (JANUARY, FEBRUARY)
    with told.opened() as columns, measured(columns, CAFE_SOL, months) as measuring:
        return metric_by_month(metric, columns, months, measuring.of(months))
