"""Promotions in numbers, and what cannot be said of them."""

from datetime import date

import pytest

from fiel.domain.document import read_program
from fiel.insights.offers.promotions import (
    Compared,
    Course,
    course_of,
    promotion_figures,
    promotions_of,
)
from tests.insights.figures.book import ANA, BERTA, Book, day

PROGRAM = read_program(
    """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units: {points: {name: puntos, expiry: never}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: mayo, event: sale, multiply: 2, when: {from: 2026-05-11, to: 2026-05-24}}
  - {id: resena, event: activity, activity: review, give: {points: 5}, budget: {points: 100}}
"""
)
BY_ID = {rule.id: rule for rule in PROGRAM.earn}


class Shop(Book):
    """A book in which rules give."""

    def awards(self, rule: str, on: str, member: int, points: int, sale: int | None = None) -> None:
        self._write("awards", rule=rule, day=day(on), member=member, points=points, sale=sale,
                    unit="points")  # fmt: skip


def test_rules_for_a_time_or_with_a_budget_are_promotions() -> None:
    assert [rule.id for rule in promotions_of(PROGRAM)] == ["mayo", "resena"]


@pytest.mark.parametrize(
    ("on", "course"),
    [("05-10", Course.COMING), ("05-11", Course.RUNNING), ("05-24", Course.RUNNING),
     ("05-25", Course.OVER)],
)  # fmt: skip
def test_a_promotion_runs_from_its_first_day_to_its_last(on: str, course: Course) -> None:
    assert course_of(BY_ID["mayo"], day(on)) is course
    assert course_of(BY_ID["resena"], day(on)) is Course.RUNNING


def test_what_it_gave_is_what_it_gave_less_what_came_back() -> None:
    shop = Shop()
    shop.awards("mayo", "05-11", ANA, 10, 1)
    shop.awards("mayo", "05-12", BERTA, 4, 2)
    shop.awards("mayo", "05-12", BERTA, -4, 2)
    shop.awards("base", "05-12", BERTA, 99, 2)

    with shop.opened() as columns:
        found = promotion_figures(columns, PROGRAM, date(2026, 5, 31))

    assert found["mayo"].points == {"points": 10}
    assert (found["mayo"].members, found["mayo"].sales) == (2, 2)
    assert found["resena"].points == {}
    assert found["resena"].compared is None


def test_as_many_days_before_are_compared_and_whole_weeks_once_there_is_one() -> None:
    shop = Shop()
    for on, net in (("05-03", 100), ("05-04", 200), ("05-10", 300), ("05-11", 600),
                    ("05-17", 400), ("05-18", 9999)):  # fmt: skip
        shop.sells(on, net, ANA)
    shop.sells("05-12", 9999)  # nobody's

    with shop.opened() as columns:
        found = promotion_figures(columns, PROGRAM, day("05-20"))  # its tenth day

    compared = found["mayo"].compared
    assert compared == Compared(day("05-11"), day("05-17"), 500, 1000, 2, 2)
    assert compared.days == 7
    assert compared.change == 100


def test_nothing_is_compared_before_it_began() -> None:
    with Shop().opened() as columns:
        assert promotion_figures(columns, PROGRAM, day("05-01"))["mayo"].compared is None
