"""Points that go from one member to another, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fiel.domain.lots import InsufficientPoints
from fiel.ledger.accounts import Place
from fiel.ledger.handing import Side, hand_lots, hand_points, open_lots
from tests.ledger.test_moving import Ana

AN_INSTANT = timedelta(microseconds=1)


def _hands_lots(giver: Ana, taker: Ana) -> None:
    hand_lots(_side(giver), _side(taker), open_lots(giver.book), now=taker.now)


def _hands_points(giver: Ana, taker: Ana) -> None:
    hand_points(_side(giver), _side(taker), giver.unit, 100, now=taker.now)


def _side(member: Ana) -> Side:
    return Side(member.posting, member.book, member.told())


@pytest.mark.parametrize("hands", [_hands_lots, _hands_points])
def test_what_could_be_used_can_be_used_at_once_whatever_the_clock_says(hands):
    """Whoever hands it over asked before it was earned, and waited for the lock."""
    ana, berta = Ana(), Ana()
    ana.now += AN_INSTANT
    ana.earns(100, days=30)

    hands(ana, berta)

    assert (ana.account.available, berta.account.available, berta.account.pending) == (0, 100, 0)
    berta.spends(100)
    with pytest.raises(InsufficientPoints):
        berta.spends(1)


@pytest.mark.parametrize("hands", [_hands_lots, _hands_points])
def test_it_pays_at_once_what_is_owed(hands):
    ana, berta = Ana(), Ana()
    sold = berta.earns(30, days=30)
    berta.spends(30)
    berta.returns(sold, 30)
    ana.now += AN_INSTANT
    ana.earns(100, days=30)

    hands(ana, berta)

    assert (berta.account.available, berta.account.debt) == (70, 0)


def test_what_waits_goes_on_waiting_until_its_day():
    ana, berta = Ana(), Ana()
    ana.earns(100, days=30, wait=7)

    _hands_lots(ana, berta)

    assert (berta.account.available, berta.account.pending) == (0, 100)
    berta.waits(7)
    assert (berta.account.available, berta.account.pending) == (100, 0)
    assert [row[5] for row in ana.posting.rows.transfers] == [Place.PENDING, Place.TRANSIT]
