"""Points that are about to end: of which unit how many, and of how many members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Ending:
    """Points of a unit that end within some days unless they are spent."""

    unit: str
    points: int
    members: int


def points_ending(columns: Columns, now: datetime, *, days: int = DAYS_AHEAD) -> list[Ending]:
    """The points whose end is known to come within the days after a moment, most first."""
    since = now.astimezone(UTC).replace(tzinfo=None)  # as the copy tells moments
    lots = columns["lots"]
    ending = lots.filter(
        lots.ends_at.notnull()
        & (lots.ends_at > since)
        & (lots.ends_at <= since + timedelta(days=days))
        & (lots.drawn < lots.points)
    )
    told = (
        ending.group_by("unit")
        .aggregate(
            points=(ending.points - ending.drawn).sum(),
            members=ending.member.nunique(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    found = [Ending(row["unit"], int(row["points"]), int(row["members"])) for row in told]
    return sorted(found, key=lambda each: (-each.points, each.unit))
