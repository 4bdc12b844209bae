"""Who is in which segment, for every fact that a condition can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from fiel.domain.conditions import Condition, Scope, check_condition
from fiel.domain.money import currency
from fiel.insights.columns.opening import Columns
from fiel.insights.segments.live import Wanted
from fiel.insights.segments.matching import changed_members, with_segments
from tests.insights.segments.copy import ANA, BERTA, CARLA, copy_of, member, sale

TODAY = date(2026, 3, 31)
EUR = currency("EUR")


def _where(text: str) -> Condition:
    return check_condition(text, scope=Scope.SEGMENT, currency=EUR)


def _survey(number: int, of: int, day: date, properties: str) -> dict[str, object]:
    return {
        "activity_id": f"A-{number}",
        "member": of,
        "kind": "activity",
        "type": "survey",
        "day": day,
        "properties": properties,
    }


@pytest.fixture(scope="module")
def columns() -> Iterator[Columns]:
    """Ana buys often, Berta bought once and long ago, Carla never."""
    with copy_of(
        members=[
            member(ANA, tier="oro", spend=30_500, visits=3, attributes={"size": "L"}),
            member(BERTA, birthday=date(1990, 5, 2), spend=1_000, visits=1, segments='["vip"]'),
            member(CARLA, joined_on=TODAY - timedelta(days=10)),
        ],
        sales=[
            sale(1, ANA, date(2026, 1, 10), 10_000),
            sale(2, ANA, date(2026, 2, 10), 10_000),
            sale(3, ANA, date(2026, 3, 21), 10_001),
            sale(4, BERTA, date(2025, 1, 1), 1_000),
        ],
        activities=[
            _survey(1, ANA, date(2026, 1, 1), '{"nps": 3, "why": "cold coffee"}'),
            _survey(2, ANA, date(2026, 2, 1), '{"nps": 10}'),
            _survey(3, BERTA, TODAY + timedelta(days=1), '{"nps": 10}'),
        ],
    ) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("member.frequency >= 3", {ANA}),
        ("member.spend_365 == 300.01 && member.average_spend == 100", {ANA}),
        ("member.recency_days > 400", {BERTA}),
        ("member.recency_days == 10", {ANA, CARLA}),  # Carla has not come since joining
        ("member.frequency == 0", {BERTA, CARLA}),
        ("member.visits == 1 && member.spend == 10", {BERTA}),
        ('member.tier == "oro"', {ANA}),
        ('member.tier == ""', {BERTA, CARLA}),
        ("member.birthday_month == 5", {BERTA}),
        ("member.joined_days < 30", {CARLA}),
        ('member.attributes.size == "L"', {ANA}),
        ("member.answers.nps >= 9", {ANA}),
        ('member.answers.why.contains("cold")', {ANA}),
        ("!has(member.answers.nps)", {BERTA, CARLA}),
        ('member.rfm == "rfm-never-bought"', {CARLA}),
        # What is calculated with attributes is asked of one member after the other.
        ("member.answers.nps * 2 == 20", {ANA}),
        ("member.answers.nps * 2 == 20 || member.frequency == 0", {ANA, BERTA, CARLA}),
    ],
)
def test_members_are_in_a_segment_when_its_condition_holds(
    columns: Columns, text: str, expected: set[int]
) -> None:
    told, [name] = with_segments(columns, TODAY, [Wanted("one", _where(text))])

    found = told.filter(told[name]).select("member").to_pyarrow()

    assert set(found["member"].to_pylist()) == expected


def test_only_who_must_move_is_told_with_all_that_they_belong_in(columns: Columns) -> None:
    wanted = [
        Wanted("vip", _where("member.visits == 1 || member.visits == 3")),
        Wanted("keen", _where("member.frequency > 2")),
        Wanted("rfm-never-bought"),
    ]

    assert changed_members(columns, TODAY, wanted) == {
        f"00000000-0000-0000-0000-{ANA:012}": {"keen", "vip"},
        f"00000000-0000-0000-0000-{CARLA:012}": {"rfm-never-bought"},
    }


def test_without_segments_whoever_is_in_one_leaves_it(columns: Columns) -> None:
    assert changed_members(columns, TODAY, []) == {
        f"00000000-0000-0000-0000-{BERTA:012}": frozenset()
    }
