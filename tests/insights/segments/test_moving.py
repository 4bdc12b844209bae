"""Who entered and left a segment, and which others its members are in."""

from __future__ import annotations

from datetime import date

from fiel.domain.conditions import Scope, check_condition
from fiel.domain.money import currency
from fiel.insights.segments.live import Wanted
from fiel.insights.segments.moving import WEEKS, moves_of, overlaps
from tests.insights.segments.copy import ANA, BERTA, CARLA, copy_of, member, sale

TODAY = date(2026, 3, 31)  # a Tuesday


def wanted(name: str, where: str) -> Wanted:
    return Wanted(name, check_condition(where, scope=Scope.SEGMENT, currency=currency("EUR")))


def test_moves_are_counted_by_the_week_and_told_newest_first() -> None:
    def moved(number: int, of: int, kind: str, on: date, segment: str = "fieles"):
        return {"activity_id": str(number), "member": of, "kind": kind, "type": segment, "day": on}

    with copy_of(
        members=[member(ANA), member(BERTA)],
        activities=[
            moved(1, ANA, "segment_entered", date(2026, 3, 23)),
            moved(2, BERTA, "segment_entered", date(2026, 3, 29)),
            moved(3, ANA, "segment_left", date(2026, 3, 30)),
            moved(4, ANA, "segment_entered", date(2026, 3, 30), "otros"),
            moved(5, ANA, "segment_entered", date(2025, 3, 30)),
        ],
    ) as columns:
        moves = moves_of(columns, TODAY, "fieles")

    assert len(moves.entered) == len(moves.left) == WEEKS
    assert (moves.entered[date(2026, 3, 23)], moves.entered[date(2026, 3, 30)]) == (2, 0)
    assert moves.left[date(2026, 3, 30)] == 1
    assert [each.entered for each in moves.latest] == [False, True, True]
    assert sum(moves.entered.values()) == 2


def test_overlaps_count_the_members_who_are_in_both() -> None:
    with copy_of(
        members=[member(ANA), member(BERTA), member(CARLA)],
        sales=[sale(1, ANA, TODAY, 5_000), sale(2, BERTA, TODAY, 100)],
    ) as columns:
        found = overlaps(
            columns, TODAY, wanted("bought", "member.frequency > 0"),
            [wanted("much", "member.spend_365 >= 20"), wanted("all", "member.joined_days >= 0"),
             wanted("nobody", "member.frequency > 9")],
        )  # fmt: skip

    assert found == [("all", 2), ("much", 1)]
