"""Days that come back every year, and 29 February."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.anniversaries import firsts_honoured_on, honoured_on
from fiel.domain.program import LeapDay


@pytest.mark.parametrize(
    ("year", "leap_day", "day"),
    [
        (2028, LeapDay.FEB_28, date(2028, 2, 29)),
        (2027, LeapDay.FEB_28, date(2027, 2, 28)),
        (2027, LeapDay.MAR_1, date(2027, 3, 1)),
        (2100, LeapDay.FEB_28, date(2100, 2, 28)),
    ],
)
def test_who_is_born_on_29_february_is_honoured_in_every_year(year, leap_day, day):
    assert honoured_on(date(1996, 2, 29), year, leap_day) == day


def test_on_28_february_of_a_common_year_two_days_are_honoured():
    assert firsts_honoured_on(date(2027, 2, 28), LeapDay.FEB_28, oldest=2023) == [
        date(2023, 2, 28), date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28),
        date(2026, 2, 28),
    ]  # fmt: skip


@given(
    born=st.dates(date(1920, 1, 1), date(2020, 12, 31)),
    year=st.integers(2021, 2110),
    leap_day=st.sampled_from(LeapDay),
)
def test_everybody_is_honoured_once_a_year(born, year, leap_day):
    day = honoured_on(born, year, leap_day)

    assert day.year == year
    assert born in firsts_honoured_on(day, leap_day, oldest=1920)
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert born not in firsts_honoured_on(other, leap_day, oldest=1920)
