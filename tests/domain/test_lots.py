"""When points may be used, and which of them are spent first."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.decision import Term
from fiel.domain.lots import (
    Draw,
    InsufficientPoints,
    Lot,
    draw_soonest_expiring,
    inactive_at,
    term_of,
)
from fiel.domain.program import ExpiresAfter, ExpiresByInactivity, ExpiresOnDay
from fiel.domain.time import Duration, DurationUnit
from tests.domain.programs import MADRID, unit

unhurried = settings(deadline=None)  # a busy machine is no fault

ONE_MONTH = Duration(1, DurationUnit.MONTHS)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lot(id, points, ends_at=None):
    return Lot(id, points, utc("2026-01-01"), ends_at and utc(ends_at))


# --- terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earned", "ends"),
    [
        ("2026-01-31T10:00", "2026-02-28T23:00"),
        ("2028-01-31T10:00", "2028-02-29T23:00"),
        ("2026-02-28T10:00", "2026-03-28T23:00"),
        ("2026-02-28T23:30", "2026-04-01T22:00"),  # 1 March in Madrid
    ],
)
def test_points_of_a_month_last_to_the_end_of_their_last_day(earned, ends):
    month = unit(expiry=ExpiresAfter(ONE_MONTH))

    assert term_of(month, utc(earned), MADRID) == Term(utc(earned), utc(ends))


@pytest.mark.parametrize(
    ("earned", "ends"),
    [
        ("2026-03-28T12:00", "2026-03-29T22:00"),  # clocks go forward
        ("2026-10-24T12:00", "2026-10-25T23:00"),  # clocks go back
    ],
)
def test_a_day_ends_at_midnight_of_the_programs_zone(earned, ends):
    tomorrow = unit(expiry=ExpiresAfter(Duration(1, DurationUnit.DAYS)))

    assert term_of(tomorrow, utc(earned), MADRID).ends_at == utc(ends)


@pytest.mark.parametrize(
    ("month", "day", "years", "earned", "ends"),
    [
        (12, 31, 1, "2026-05-10T10:00", "2027-12-31T23:00"),
        (3, 31, 1, "2026-05-10T10:00", "2027-03-31T22:00"),
        (12, 31, 0, "2026-05-10T10:00", "2026-12-31T23:00"),
        (3, 31, 0, "2026-05-10T10:00", "2027-03-31T22:00"),
        (3, 31, 0, "2026-03-31T10:00", "2026-03-31T22:00"),
        (2, 29, 1, "2026-05-10T10:00", "2027-02-28T23:00"),
        (2, 29, 2, "2026-05-10T10:00", "2028-02-29T23:00"),
    ],
)
def test_points_may_end_with_a_named_day(month, day, years, earned, ends):
    named = unit(expiry=ExpiresOnDay(month, day, years))

    assert term_of(named, utc(earned), MADRID).ends_at == utc(ends)


def test_pending_points_start_when_their_wait_is_over():
    pending = unit(pending=Duration(14, DurationUnit.DAYS), expiry=ExpiresAfter(ONE_MONTH))

    term = term_of(pending, utc("2026-03-01T10:00"), MADRID)

    assert term == Term(utc("2026-03-15T23:00"), utc("2026-04-01T22:00"))


def test_points_that_never_expire_have_no_end():
    assert term_of(unit(), utc("2026-03-01T10:00"), MADRID).ends_at is None


def test_points_that_end_by_inactivity_have_no_end_of_their_own():
    idle = unit(expiry=ExpiresByInactivity(Duration(6, DurationUnit.MONTHS)))

    assert term_of(idle, utc("2026-03-01T10:00"), MADRID).ends_at is None
    assert inactive_at(idle, utc("2026-03-01T10:00"), MADRID) == utc("2026-09-01T22:00")
    assert inactive_at(unit(), utc("2026-03-01T10:00"), MADRID) is None


# --- draws --------------------------------------------------------------------------------------


def test_points_that_expire_first_are_spent_first():
    lots = [lot(B, 50, "2026-02-28"), lot(A, 100, "2026-01-31")]

    assert draw_soonest_expiring(lots, 120) == [Draw(A, 100), Draw(B, 20)]


def test_a_younger_lot_that_expires_goes_before_an_older_one_that_never_does():
    lots = [lot(A, 100), lot(B, 50, "2026-06-30")]

    assert draw_soonest_expiring(lots, 60) == [Draw(B, 50), Draw(A, 10)]


def test_lots_of_one_day_are_drawn_in_the_order_they_were_made():
    lots = [lot(C, 10, "2026-06-30"), lot(B, 10, "2026-06-30")]

    assert draw_soonest_expiring(lots, 15) == [Draw(B, 10), Draw(C, 5)]


def test_more_than_there_is_cannot_be_drawn():
    with pytest.raises(InsufficientPoints) as refused:
        draw_soonest_expiring([lot(A, 20)], 80)

    assert refused.value.code == "insufficient_points"
    assert refused.value.facts == {"available": 20, "requested": 80}


@unhurried
@given(
    st.lists(
        st.tuples(st.integers(0, 100), st.none() | st.integers(1, 28)), min_size=1, max_size=6
    ),
    st.data(),
)
def test_a_draw_takes_what_was_asked_and_leaves_what_lasts_longest(sizes, data):
    lots = [
        lot(UUID(int=number), points, day and f"2026-02-{day:02d}")
        for number, (points, day) in enumerate(sizes)
    ]
    held = sum(each.points_left for each in lots)
    if not held:
        return
    wanted = data.draw(st.integers(1, held))

    draws = draw_soonest_expiring(lots, wanted)

    assert sum(draw.points for draw in draws) == wanted
    taken = {draw.lot_id: draw.points for draw in draws}
    never = utc("9999-01-01")
    touched = [each.ends_at or never for each in lots if each.id in taken]
    spared = [each.ends_at or never for each in lots if each.points_left > taken.get(each.id, 0)]
    assert not touched or not spared or max(touched) <= min(spared)
