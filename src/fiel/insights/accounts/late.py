"""What was told of closed months since: it belongs to the open one, with its own date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fiel.domain.program import Program
from fiel.domain.telling import category_of
from fiel.insights.accounts.reading import rows
from fiel.insights.accounts.standing import Totals, changes
from fiel.insights.movements import spot
from fiel.ledger.accounts import Place
from fiel.ledger.scope import Connection

# What time alone did: it was counted when the month was closed, booked or not.
_BY_ITSELF = "calendar"


@dataclass(frozen=True, slots=True)
class Late:
    """Points that changed on a day of a closed month and were told of since, with their sign."""

    day: date
    kind: str
    unit: str
    category: str
    points: int


async def late_since(
    connection: Connection,
    program_id: UUID,
    program: Program,
    *,
    snapshot: str,
    until: datetime,
    frozen: Totals,
    live: Totals,
    last_day: date,
) -> list[Late]:
    """What became visible after a snapshot and happened before a moment.

    `frozen` and `live` are the totals of that moment, as they were closed and as they are now: what
    is told adds up to their difference.
    """
    found = await rows(
        connection,
        "late",
        {
            "program": program_id,
            "snapshot": snapshot,
            "until": until,
            "zone": program.timezone.key,
            "by_itself": _BY_ITSELF,
        },
    )
    told: dict[tuple[date, str, str, str], int] = {}
    for day, kind, unit, debit, credit, points in found:
        category = category_of(spot(Place(debit)), spot(Place(credit)))
        if category is not None:
            key = day, kind, unit, category
            change = points if debit >= Place.ISSUED else -points
            told[key] = told.get(key, 0) + change
    late = [Late(*key, points) for key, points in told.items() if points]
    late += _rest(late, frozen, live, last_day)
    return sorted(late, key=lambda each: (each.day, each.unit, each.kind, each.category))


def _rest(late: Sequence[Late], frozen: Totals, live: Totals, last_day: date) -> Iterable[Late]:
    """What changed by itself through what was told: points that are not over after all."""
    for unit in dict.fromkeys((*frozen, *live)):
        for category, change in changes(frozen, live, unit).items():
            told = sum(
                each.points for each in late if (each.unit, each.category) == (unit, category)
            )
            if change != told:
                yield Late(last_day, _BY_ITSELF, unit, category, change - told)
