"""Shifts: marks that only this installation makes, for one till, one cashier and a time."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fiel.staff.tills.shifts import LASTS, Purpose, Shifts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TILL, EVA = uuid4(), uuid4()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_mark_says_who_stands_where_until_it_ends(purpose):
    shifts = Shifts(b"secret")
    mark, ends_at = shifts.start(purpose, TILL, EVA, 3, now=NOW)

    shift = shifts.read(mark, now=NOW)

    assert ends_at == NOW + LASTS[purpose]
    assert shift is not None
    assert (shift.purpose, shift.device_id, shift.cashier_id, shift.epoch) == (
        purpose,
        TILL,
        EVA,
        3,
    )
    assert shifts.read(mark, now=ends_at) is None


def test_a_mark_of_another_making_is_none():
    mark, _ = Shifts(b"other").start(Purpose.SHIFT, TILL, EVA, 0, now=NOW)

    assert Shifts(b"secret").read(mark, now=NOW) is None


@pytest.mark.parametrize("change", ["", "x", ".", "é", "a" * 400, "k.1.2.3.4."])
def test_what_is_no_mark_is_none(change):
    assert Shifts(b"secret").read(change, now=NOW) is None


def test_a_mark_that_was_changed_is_none():
    shifts = Shifts(b"secret")
    mark, _ = shifts.start(Purpose.KEPT, TILL, EVA, 0, now=NOW)

    for place in range(0, len(mark), 7):
        other = "0" if mark[place] != "0" else "1"
        assert shifts.read(mark[:place] + other + mark[place + 1 :], now=NOW) is None
