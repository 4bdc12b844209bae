"""How often a total reaches a milestone, and what a streak is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.milestones import (
    NO_PROGRESS,
    Ahead,
    ahead,
    counter_of,
    is_marked,
    level,
    period_began,
    period_number,
    run_until,
    runs,
    streak_level,
    with_mark,
    without_mark,
)
from fiel.domain.program import Milestone
from fiel.domain.time import Period, period_start
from tests.domain.programs import day


def at(count: int, *, of: str = "spend", **more: object) -> Milestone:
    return Milestone("m", of, count, None, {}, None, **more)


def every(count: int, *, of: str = "spend", **more: object) -> Milestone:
    return Milestone("m", of, None, count, {}, None, **more)


def marked(*numbers: int):
    progress = NO_PROGRESS
    for number in numbers:
        progress = with_mark(progress, number)
    return progress


@pytest.mark.parametrize(("total", "times"), [(-5, 0), (0, 0), (99, 0), (100, 1), (350, 1)])
def test_a_level_is_reached_once_at_exactly_its_value(total, times):
    assert level(at(100), total) == times


@pytest.mark.parametrize(("total", "times"), [(-5, 0), (99, 0), (100, 1), (199, 1), (350, 3)])
def test_a_level_is_reached_again_for_every_so_much(total, times):
    assert level(every(100), total) == times


@pytest.mark.parametrize(
    ("numbers", "lengths"),
    [((), []), ((5,), [1]), ((5, 6, 7), [3]), ((7, 5, 6, 9), [3, 1]), ((3, 1, 9, 8), [1, 1, 2])],
)
def test_periods_in_a_row_are_a_run_in_whichever_order_they_came(numbers, lengths):
    assert list(runs(marked(*numbers).marks)) == lengths


def test_a_streak_that_is_broken_begins_anew():
    progress = marked(1, 2, 3, 4, 10, 11, 12)

    assert streak_level(every(4, of="streak"), progress.marks) == 1
    assert streak_level(every(3, of="streak"), progress.marks) == 2
    assert streak_level(at(3, of="streak"), progress.marks) == 1


def test_the_run_up_to_now_holds_while_this_period_is_not_over():
    progress = marked(1, 4, 5, 6)

    assert [run_until(progress, now) for now in range(9)] == [0, 1, 1, 0, 1, 2, 3, 3, 0]


@given(st.sets(st.integers(-300, 300), max_size=40), st.integers(-300, 300))
@settings(max_examples=100, deadline=None)
def test_marks_are_a_set_of_periods(numbers, gone):
    progress = without_mark(marked(*numbers), gone)

    assert {n for n in range(-301, 302) if is_marked(progress, n)} == numbers - {gone}
    assert sum(runs(progress.marks)) == len(numbers - {gone})


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)), st.sampled_from(["day", "week", "month"]))
@settings(max_examples=100, deadline=None)
def test_a_period_has_a_number_and_its_first_day(when, name):
    period = Period(name)
    first = period_start(period, when)

    assert period_began(period, period_number(period, when)) == first
    assert period_number(period, first - timedelta(days=1)) == period_number(period, when) - 1


def test_a_counter_names_what_is_counted_and_since_when():
    assert counter_of(at(5), day("2026-03-11")) == "m@spend"
    assert counter_of(at(5, of="streak", period=Period.WEEK), day("2026-03-11")) == "m@week"
    assert (
        counter_of(at(5, of="visits", restart=Period.WEEK), day("2026-03-11"))
        == "m@visits@2026-03-09"
    )


def test_what_is_missing_to_the_next_time():
    assert ahead(at(100), 60) == Ahead(60, 100)
    assert ahead(at(100), 100) is None
    assert ahead(every(10), 23) == Ahead(3, 10)
    assert Ahead(3, 10).missing == 7
