"""The size, spend and points cost of segments, each checkable by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from fiel.domain.conditions import Scope, check_condition
from fiel.domain.document import read_program
from fiel.domain.money import currency
from fiel.insights.segments.live import Wanted
from fiel.insights.segments.sizing import sizes
from fiel.ledger.accounts import Place
from tests.insights.segments.copy import ANA, BERTA, CARLA, copy_of, member, sale
from tests.support.program import CAFE_SOL

TODAY = date(2026, 3, 31)
BUYERS = check_condition("member.frequency > 0", scope=Scope.SEGMENT, currency=currency("EUR"))


def _moved(number: int, of: int, points: int, debit: Place, credit: Place, day: date = TODAY):
    return {
        "transfer_id": f"M-{number}", "activity_id": "A", "member": of, "unit": "points",
        "points": points, "debit": debit.value, "credit": credit.value, "day": day,
    }  # fmt: skip


def test_a_segment_is_told_with_what_it_spends_and_costs() -> None:
    with copy_of(
        members=[member(ANA), member(BERTA), member(CARLA)],
        sales=[
            sale(1, ANA, date(2026, 1, 10), 10_000),
            sale(2, ANA, date(2026, 2, 10), 5_000),
            sale(3, BERTA, date(2026, 3, 10), 6_000),
        ],
        movements=[
            _moved(1, ANA, 150, Place.ISSUED, Place.AVAILABLE),
            _moved(2, ANA, 30, Place.AVAILABLE, Place.ISSUED),
            _moved(3, ANA, 20, Place.AVAILABLE, Place.REDEEMED),
            _moved(4, BERTA, 60, Place.ISSUED, Place.PENDING),
            _moved(5, BERTA, 99, Place.ISSUED, Place.AVAILABLE, TODAY - timedelta(days=365)),
            _moved(6, CARLA, 5, Place.ISSUED, Place.AVAILABLE),
        ],
    ) as columns:
        wanted = [Wanted("buyers", BUYERS), Wanted("rfm-never-bought")]
        found = sizes(columns, read_program(CAFE_SOL), TODAY, wanted)

    buyers, new = found.segments["buyers"], found.segments["rfm-never-bought"]
    assert (buyers.members, buyers.sales, buyers.spend) == (2, 3, 21_000)
    assert buyers.average_spend == 7_000
    assert buyers.issued == {"points": 150 - 30 + 60}
    assert buyers.cost == 180  # cents: a point is worth one
    assert found.share("buyers") == Fraction(200, 3)
    assert (new.members, new.sales, new.average_spend, new.cost) == (1, 0, None, 5)
    assert (found.everybody.members, found.everybody.spend) == (3, 21_000)


def test_nobody_is_in_a_segment_of_an_empty_program() -> None:
    with copy_of(members=[]) as columns:
        found = sizes(columns, read_program(CAFE_SOL), TODAY, [Wanted("buyers", BUYERS)])

    assert found.segments["buyers"].members == 0
    assert found.share("buyers") is None
