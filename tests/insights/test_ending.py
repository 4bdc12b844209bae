"""Points that are about to end."""

from __future__ import annotations

from datetime import UTC, datetime

from fiel.insights.columns.opening import columns_of_arrow
from fiel.insights.ending import Ending, points_ending
from tests.insights.impact.shop import rows_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def lot(member: int, points: int, drawn: int, ends: str | None, unit: str = "points"):
    return {
        "lot_id": f"{member}-{points}-{ends}",
        "member": member,
        "unit": unit,
        "points": points,
        "drawn": drawn,
        "ends_at": None if ends is None else datetime.fromisoformat(ends),
    }


def test_what_ends_within_thirty_days_is_counted_less_what_was_spent() -> None:
    lots = [
        lot(1, 100, 40, "2026-03-10"),
        lot(1, 10, 0, "2026-03-31"),
        lot(2, 7, 0, "2026-03-11"),
        lot(2, 50, 50, "2026-03-11"),  # spent
        lot(3, 50, 0, "2026-04-02"),  # later
        lot(3, 50, 0, "2026-02-28"),  # over
        lot(3, 50, 0, None),  # never
        lot(3, 2, 0, "2026-03-05", unit="stamps"),
    ]
    with columns_of_arrow({"lots": rows_of("lots", lots)}) as columns:
        assert points_ending(columns, NOW) == [Ending("points", 77, 2), Ending("stamps", 2, 1)]


def test_where_nothing_ends_nothing_is_told() -> None:
    with columns_of_arrow({}) as columns:
        assert points_ending(columns, NOW) == []
