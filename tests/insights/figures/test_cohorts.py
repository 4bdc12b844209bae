"""Cohorts, from books small enough to check by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from fiel.insights.figures.cohort_report import COHORTS, make_cohorts
from fiel.insights.figures.cohorts import Begun, cohorts
from fiel.insights.figures.narrowing import Narrowed
from fiel.insights.figures.periods import Every, periods
from fiel.insights.reporting.asked import Asked, Question, checked
from fiel.insights.reporting.telling import report_content
from tests.insights.figures.book import ANA, BERTA, CAFE_SOL, CARLA, DORA, EVA, Book, day

SPRING = list(periods(date(2026, 3, 1), date(2026, 5, 31), Every.MONTH))


@pytest.fixture
def book() -> Book:
    """Ana and Berta join in March, Carla in April; Dora bought before all of it, Eva never."""
    book = Book()
    for member, on in ((ANA, "03-05"), (BERTA, "03-31"), (CARLA, "04-01"), (DORA, "01-01")):
        book.joins(member, on, tier="plata" if member == ANA else None)
    book.joins(EVA, "03-10")
    book.joins(6, "03-11", status="erased")
    book.sells("02-01", 9900, DORA)
    book.sells("03-06", 1000, ANA)
    book.sells("03-07", 500, ANA)
    book.sells("05-01", 2000, ANA, store="norte")
    book.sells("04-10", 3000, BERTA)
    book.sells("04-11", 400, CARLA)
    book.sells("05-31", 600, CARLA)
    book.sells("05-15", 9900, DORA)
    book.sells("05-15", 9900)
    return book


def test_members_are_followed_from_the_month_in_which_they_joined(book):
    with book.opened() as columns:
        march, april, may = cohorts(columns, SPRING, Begun.JOINED)

    assert (march.members, april.members, may.members) == (3, 1, 0)  # Ana, Berta, Eva; Carla
    assert [march.retention(after) for after in range(3)] == [Fraction(100, 3)] * 3
    assert [april.retention(after) for after in range(2)] == [100, 100]
    assert may.retention(0) is None
    assert [march.value(after) for after in range(3)] == [500, 1500, Fraction(6500, 3)]


def test_buyers_are_followed_from_their_first_purchase(book):
    with book.opened() as columns:
        march, april, may = cohorts(columns, SPRING, Begun.BOUGHT)

    assert (march.members, april.members, may.members) == (1, 2, 0)  # Ana; Berta and Carla
    assert [march.retention(after) for after in range(3)] == [100, 0, 100]
    assert [april.retention(after) for after in range(2)] == [100, 50]
    assert april.value(1) == 2000  # (3000 + 400 + 600) ÷ 2


def test_what_came_back_whole_begins_nothing(book):
    sale = book.sells("03-01", 500, BERTA)
    book.takes_back(sale, 500, "05-01")

    with book.opened() as columns:
        march, _, _ = cohorts(columns, SPRING, Begun.BOUGHT)

    assert march.members == 1


def test_cohorts_are_narrowed(book):
    with book.opened() as columns:
        plata = cohorts(columns, SPRING, Begun.JOINED, Narrowed(tier="plata"))
        norte = cohorts(columns, SPRING, Begun.BOUGHT, Narrowed(store="norte"))

    assert [cohort.members for cohort in plata] == [1, 0, 0]
    assert [cohort.members for cohort in norte] == [0, 0, 1]  # Ana's first there was in May


# The report


def told(book: Book, since: str, until: str | None = None, **options: str) -> Any:
    question = Question(
        CAFE_SOL,
        UUID(int=1),
        1,
        datetime(2026, 6, 20, 10, tzinfo=UTC),
        day(since),
        until and day(until),
        options,
    )
    with book.opened() as columns:
        report = make_cohorts(Asked(checked(question, COHORTS), columns))
    return report_content(report, CAFE_SOL, "en")


def codes(content: Any) -> set[str]:
    return {statement["code"] for statement in content["statements"]}


def test_a_cohort_is_told_up_to_the_last_period_that_is_over(book):
    content = told(book, "04-01")

    april, may, june = content["joined"]
    assert (april["from"], april["members"]) == (date(2026, 4, 1), 1)
    assert (april["after_0"], april["after_1"]) == (100, 100)
    assert "after_2" not in april  # June is not over
    assert (may["after_0"], may["after_1"]) == (None, None)  # nobody joined
    assert june["after_0"] is None
    assert content["bought"][0]["after_1"] == 50
    assert content["bought_value"][0]["after_1"] == "20.00"
    assert codes(content) == {"period_running"}


@pytest.mark.parametrize("every", list(Every))
def test_cohorts_are_told_by_any_period(book, every):
    content = told(book, "04-01", "05-15", every=every)

    assert sum(row["members"] for row in content["bought"]) == 2


def test_a_store_has_no_members_who_joined(book):
    content = told(book, "05-01", "05-31", store="norte")

    assert content["joined"] == []
    assert codes(content) == {"places_have_no_members", "too_few_periods"}


def test_nobody_to_follow_is_told_in_words():
    content = told(Book(), "04-01", "05-31")

    assert codes(content) == {"no_members_sales"}
    assert [row["after_0"] for row in content["bought"]] == [None, None]
