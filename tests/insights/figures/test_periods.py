"""Periods of the calendar, and what each is compared with."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from fiel.insights.figures.periods import (
    Every,
    Period,
    before,
    before_all,
    later,
    period_of,
    periods,
)


def period(since: str, until: str) -> Period:
    return Period(date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("every", "since", "until"),
    [
        (Every.DAY, "2026-11-22", "2026-11-22"),
        (Every.WEEK, "2026-11-16", "2026-11-22"),  # Monday to Sunday
        (Every.MONTH, "2026-11-01", "2026-11-30"),
        (Every.QUARTER, "2026-10-01", "2026-12-31"),
        (Every.YEAR, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_a_whole_period(every, since, until):
    assert period_of(date(2026, 11, 22), every) == period(since, until)


@pytest.mark.parametrize("every", list(Every))
def test_whole_periods_follow_each_other_without_a_gap(every):
    told = list(periods(date(2023, 12, 30), date(2024, 3, 2), every))

    assert told[0].since == date(2023, 12, 30)
    assert told[-1].until == date(2024, 3, 2)
    assert all(one.until == other.eve for one, other in pairwise(told))
    assert [later(period_of(one.since, every), every, 1) for one in told[:-1]] == [
        period_of(other.since, every) for other in told[1:]
    ]


@pytest.mark.parametrize(
    ("every", "told", "compared"),
    [
        (Every.MONTH, ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (Every.MONTH, ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        (Every.MONTH, ("2026-11-01", "2026-11-20"), ("2026-10-01", "2026-10-20")),
        (Every.MONTH, ("2026-11-10", "2026-11-30"), ("2026-10-10", "2026-10-31")),
        (Every.MONTH, ("2026-11-10", "2026-11-20"), ("2026-10-10", "2026-10-20")),
        (Every.MONTH, ("2026-03-01", "2026-03-30"), ("2026-02-01", "2026-02-28")),
        (Every.MONTH, ("2026-03-31", "2026-03-31"), ("2026-02-28", "2026-02-28")),
        (Every.DAY, ("2026-03-01", "2026-03-01"), ("2026-02-28", "2026-02-28")),
        (Every.WEEK, ("2026-11-16", "2026-11-18"), ("2026-11-09", "2026-11-11")),
        (Every.QUARTER, ("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31")),
        (Every.YEAR, ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
    ],
)
def test_a_period_is_compared_with_the_same_days_of_the_one_before(every, told, compared):
    assert before(period(*told), every) == period(*compared)


def test_all_periods_as_one_are_compared_with_as_many_before_them():
    whole = list(periods(date(2026, 1, 1), date(2026, 3, 31), Every.MONTH))
    cut = list(periods(date(2026, 1, 1), date(2026, 3, 30), Every.MONTH))

    assert before_all(whole, Every.MONTH) == period("2025-10-01", "2025-12-31")
    assert before_all(cut, Every.MONTH) == period("2025-10-04", "2025-12-31")  # 89 days
