"""RFM scores and groups, each checkable by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fiel.domain.document.segmenting import RFM_GROUPS
from fiel.insights.columns.opening import Columns
from fiel.insights.segments.groups import GROUPS
from fiel.insights.segments.rfm import rfm_groups
from tests.insights.segments.copy import (
    ANA,
    BERTA,
    CARLA,
    brought_back,
    cancelled,
    copy_of,
    member,
    sale,
)

TODAY = date(2026, 3, 31)


def rows_of(columns: Columns, on: date = TODAY) -> dict[int, dict[str, Any]]:
    found = rfm_groups(columns, on).to_pyarrow().to_pylist()
    return {row.pop("member"): row for row in found}


def test_what_was_bought_is_counted_within_a_year_and_returns_are_taken_off() -> None:
    with copy_of(
        members=[member(ANA)],
        sales=[
            sale(1, ANA, date(2025, 3, 31), 9_900),  # 365 days before: not within the window
            sale(2, ANA, date(2025, 4, 1), 1_000),
            sale(3, ANA, date(2026, 3, 21), 5_000),
            sale(4, ANA, date(2026, 3, 30), 7_000),
            sale(5, ANA, date(2026, 4, 1), 80_000),  # tomorrow
        ],
        returns=[
            brought_back(ANA, 3, date(2026, 3, 25), 500),
            brought_back(ANA, 1, date(2026, 3, 25), 900),  # of a sale that does not count
            brought_back(ANA, None, date(2026, 3, 25), 100),
            cancelled(ANA, 4, date(2026, 3, 31), 7_000),
        ],
    ) as columns:
        ana = rows_of(columns)[ANA]

    assert ana["recency_days"] == 10
    assert ana["frequency"] == 2
    assert ana["monetary"] == 1_000 + 5_000 - 500 - 100


def test_who_never_bought_scores_nothing() -> None:
    with copy_of(members=[member(BERTA)]) as columns:
        assert rows_of(columns) == {
            BERTA: {
                "recency_days": None,
                "frequency": 0,
                "monetary": 0,
                "r": 0,
                "f": 0,
                "m": 0,
                "segment": "rfm-never-bought",
            }
        }


def test_five_members_score_one_to_five() -> None:
    with copy_of(
        members=[member(number) for number in range(1, 6)],
        sales=[
            sale(number * 10 + nth, number, TODAY - timedelta(days=50 - number * 10), number * 100)
            for number in range(1, 6)
            for nth in range(number)
        ],
    ) as columns:
        found = rows_of(columns)

    assert [found[number]["recency_days"] for number in range(1, 6)] == [40, 30, 20, 10, 0]
    for score in ("r", "f", "m"):
        assert [found[number][score] for number in range(1, 6)] == [1, 2, 3, 4, 5]
    assert [found[number]["segment"] for number in range(1, 6)] == [
        "rfm-hibernating",
        "rfm-hibernating",
        "rfm-need-attention",
        "rfm-loyal",
        "rfm-champions",
    ]


def test_equal_members_score_equally_whatever_their_order() -> None:
    with copy_of(
        members=[member(ANA), member(BERTA), member(CARLA)],
        sales=[sale(number, number, TODAY, 1_000) for number in (ANA, BERTA, CARLA)],
    ) as columns:
        found = rows_of(columns)

    # Nobody is worse, and half of three are one and a half of three: 5 × 1.5 / 3 is 2.5.
    assert [(row["r"], row["f"], row["m"]) for row in found.values()] == [(3, 3, 3)] * 3


def test_members_are_those_who_are_active_and_had_joined() -> None:
    with copy_of(
        members=[
            member(ANA),
            member(BERTA, status="erased"),
            member(CARLA, joined_on=TODAY + timedelta(days=1)),
        ],
        sales=[sale(1, ANA, TODAY, 100), sale(2, BERTA, TODAY, 100), sale(3, None, TODAY, 900)],
    ) as columns:
        assert list(rows_of(columns)) == [ANA]


@pytest.mark.parametrize("segment", GROUPS)
def test_every_group_says_what_it_means(segment: str) -> None:
    name, meaning = GROUPS[segment]
    assert name
    assert meaning.endswith(".")


def test_the_groups_are_those_that_documents_may_name() -> None:
    assert tuple(GROUPS) == RFM_GROUPS
