"""Shifts: marks that only this installation makes, for one till, one cashier and a time."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fiel.staff.tills.cashiers import Cashier, Terms
from fiel.staff.tills.devices import Device
from fiel.staff.tills.shifts import LASTS, Purpose, Shifts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TILL = Device(uuid4(), "Caja 1", "centro", NOW, None, None, None, None)
EVA = Cashier(uuid4(), Terms("Eva Núñez"), active=True, epoch=3, made_at=NOW)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_mark_says_who_stands_where_until_it_ends(purpose):
    shifts = Shifts(b"secret")
    mark, ends_at = shifts.start(purpose, TILL, EVA, now=NOW)

    shift = shifts.read(mark, now=NOW)

    assert ends_at == NOW + LASTS[purpose]
    assert shift is not None
    assert (shift.purpose, shift.device_id, shift.cashier_id) == (purpose, TILL.id, EVA.id)
    assert (shift.epoch, shift.name, shift.store) == (3, "Eva Núñez", "centro")
    assert shifts.read(mark, now=ends_at) is None


def test_a_mark_of_another_making_is_none():
    mark, _ = Shifts(b"other").start(Purpose.SHIFT, TILL, EVA, now=NOW)

    assert Shifts(b"secret").read(mark, now=NOW) is None


@pytest.mark.parametrize("change", ["", "x", ".", "é", "a" * 400, "k.1.2.3.4."])
def test_what_is_no_mark_is_none(change):
    assert Shifts(b"secret").read(change, now=NOW) is None


def test_a_mark_that_was_changed_is_none():
    shifts = Shifts(b"secret")
    mark, _ = shifts.start(Purpose.KEPT, TILL, EVA, now=NOW)

    for place in range(0, len(mark), 7):
        other = "0" if mark[place] != "0" else "1"
        assert shifts.read(mark[:place] + other + mark[place + 1 :], now=NOW) is None
