"""Durations, periods and days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fiel.domain.time import (
    Duration,
    DurationUnit,
    Period,
    day_of_year,
    end_of_day,
    period_start,
    start_of_day,
)
from tests.domain.programs import MADRID


@pytest.mark.parametrize(
    ("count", "unit", "day", "after"),
    [
        (1, DurationUnit.MONTHS, date(2026, 1, 31), date(2026, 2, 28)),
        (1, DurationUnit.MONTHS, date(2028, 1, 31), date(2028, 2, 29)),
        (12, DurationUnit.MONTHS, date(2026, 3, 1), date(2027, 3, 1)),
        (1, DurationUnit.YEARS, date(2028, 2, 29), date(2029, 2, 28)),
        (14, DurationUnit.DAYS, date(2026, 2, 20), date(2026, 3, 6)),
    ],
)
def test_a_duration_after_a_day(count, unit, day, after):
    assert Duration(count, unit).after(day) == after


def test_a_duration_before_a_day():
    assert Duration(1, DurationUnit.MONTHS).before(date(2026, 3, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period.DAY, date(2026, 3, 1)),
        (Period.WEEK, date(2026, 2, 23)),
        (Period.MONTH, date(2026, 3, 1)),
        (Period.YEAR, date(2026, 1, 1)),
        (Period.PROGRAM, date.min),
    ],
)
def test_the_first_day_of_a_period(period, start):
    assert period_start(period, date(2026, 3, 1)) == start


def test_born_on_29_february_is_honoured_on_the_28th_in_common_years():
    assert day_of_year(2026, 2, 29) == date(2026, 2, 28)
    assert day_of_year(2028, 2, 29) == date(2028, 2, 29)


def test_a_day_is_as_long_as_the_clocks_make_it():
    short, long = date(2026, 3, 29), date(2026, 10, 25)

    assert start_of_day(short, MADRID) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert end_of_day(short, MADRID) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day(long, MADRID) == datetime(2026, 10, 25, 23, tzinfo=UTC)
