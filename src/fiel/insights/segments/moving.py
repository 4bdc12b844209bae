"""Who entered and left a segment lately, and which others its members are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fiel.insights.segments.live import Wanted
from fiel.insights.segments.matching import with_segments
from fiel.ledger.membership import ENTERED, LEFT

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

WEEKS = 12
_LATEST = 8


@dataclass(frozen=True, slots=True)
class Move:
    """A member who entered a segment, or left it."""

    member_id: UUID
    day: date
    entered: bool


@dataclass(frozen=True, slots=True)
class Moves:
    """How many entered and left by week (its Monday), and the latest of them, newest first."""

    entered: Mapping[date, int] = field(default_factory=dict)
    left: Mapping[date, int] = field(default_factory=dict)
    latest: Sequence[Move] = ()


def moves_of(columns: Columns, on: date, segment: str) -> Moves:
    """Who entered and left a segment in the last weeks, up to a day."""
    monday = on - timedelta(days=on.weekday())
    since = monday - timedelta(weeks=WEEKS - 1)
    activities, members = columns["activities"], columns["members"]
    told = activities.filter(
        activities.kind.isin([ENTERED, LEFT]),
        activities.type == segment,
        activities.day.between(since, on),
    )
    counts = {ENTERED: _weeks(monday), LEFT: _weeks(monday)}
    for row in _rows(columns, told.group_by("kind", "day").agg(count=told.count())):
        week = row["day"] - timedelta(days=row["day"].weekday())
        counts[row["kind"]][week] += row["count"]
    named = told.inner_join(members, told.member == members.member).select(
        members.member_id, told.day, told.kind, told.occurred_at
    )
    latest = named.order_by(named.occurred_at.desc(), named.member_id).limit(_LATEST)
    moves = [
        Move(UUID(row["member_id"]), row["day"], row["kind"] == ENTERED)
        for row in _rows(columns, latest)
    ]
    return Moves(counts[ENTERED], counts[LEFT], moves)


def overlaps(
    columns: Columns, on: date, wanted: Wanted, others: Sequence[Wanted]
) -> list[tuple[str, int]]:
    """How many of a segment's members are in each of the others too, the most first."""
    if not others:
        return []
    told, [mine, *names] = with_segments(columns, on, [wanted, *others])
    inside = told.filter(told[mine])
    counted = inside.aggregate(**{name: inside[name].sum().cast("int64") for name in names})
    [row] = _rows(columns, counted)
    found = [(each.id, row[name] or 0) for each, name in zip(others, names, strict=True)]
    return sorted((each for each in found if each[1]), key=lambda each: -each[1])


def _weeks(monday: date) -> dict[date, int]:
    return {monday - timedelta(weeks=back): 0 for back in range(WEEKS - 1, -1, -1)}


def _rows(columns: Columns, table: Table) -> Sequence[dict[str, Any]]:
    found: list[dict[str, Any]] = columns.backend.to_pyarrow(table).to_pylist()
    return found
