"""When rules hold, by the wall clock of the program's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fiel.domain.deciding.schedules import is_open
from fiel.domain.program import Schedule
from tests.domain.programs import MADRID


def madrid(text):
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def test_both_days_of_a_range_are_included():
    november = Schedule(first=date(2026, 11, 1), last=date(2026, 11, 30))

    assert not is_open(november, madrid("2026-10-31T23:59"))
    assert is_open(november, madrid("2026-11-01T00:00"))
    assert is_open(november, madrid("2026-11-30T23:59"))
    assert not is_open(november, madrid("2026-12-01T00:00"))


def test_hours_include_their_start_and_not_their_end():
    breakfast = Schedule(hours=(480, 660))

    assert not is_open(breakfast, madrid("2026-11-02T07:59"))
    assert is_open(breakfast, madrid("2026-11-02T08:00"))
    assert is_open(breakfast, madrid("2026-11-02T10:59"))
    assert not is_open(breakfast, madrid("2026-11-02T11:00"))


def test_weekdays_count_from_monday():
    early_week = Schedule(days=frozenset({0, 1}))

    assert is_open(early_week, madrid("2026-11-02T12:00"))
    assert is_open(early_week, madrid("2026-11-03T12:00"))
    assert not is_open(early_week, madrid("2026-11-04T12:00"))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-06T21:59", False),
        ("2026-11-06T22:00", True),  # Friday
        ("2026-11-07T01:59", True),  # Friday's night, though Saturday's date
        ("2026-11-07T02:00", False),
        ("2026-11-07T22:30", False),  # Saturday's night
        ("2026-11-06T01:00", False),  # Thursday's night
    ],
)
def test_hours_over_midnight_belong_to_the_day_they_begin_on(moment, expected):
    friday_night = Schedule(days=frozenset({4}), hours=(22 * 60, 2 * 60))

    assert is_open(friday_night, madrid(moment)) is expected


def test_the_last_night_of_a_range_runs_to_its_end():
    nights = Schedule(first=date(2026, 11, 1), last=date(2026, 11, 1), hours=(22 * 60, 2 * 60))

    assert not is_open(nights, madrid("2026-11-01T01:00"))
    assert is_open(nights, madrid("2026-11-01T23:00"))
    assert is_open(nights, madrid("2026-11-02T01:00"))
    assert not is_open(nights, madrid("2026-11-02T23:00"))


def test_hours_from_a_time_to_the_same_time_are_a_whole_day():
    always = Schedule(hours=(480, 480))

    assert is_open(always, madrid("2026-11-02T07:00"))
    assert is_open(always, madrid("2026-11-02T09:00"))


def test_an_hour_that_repeats_holds_twice():
    two_to_three = Schedule(hours=(120, 180))

    # On 25 October 2026 clocks in Madrid go from 03:00 back to 02:00.
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(MADRID)
    again = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(MADRID)

    assert (first.hour, again.hour) == (2, 2)
    assert is_open(two_to_three, first)
    assert is_open(two_to_three, again)


def test_an_hour_that_is_left_out_holds_never():
    two_to_three = Schedule(hours=(120, 180))

    # On 29 March 2026 clocks in Madrid go from 02:00 to 03:00.
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC).astimezone(MADRID)
    after = datetime(2026, 3, 29, 1, 0, tzinfo=UTC).astimezone(MADRID)

    assert (before.hour, after.hour) == (1, 3)
    assert not is_open(two_to_three, before)
    assert not is_open(two_to_three, after)
