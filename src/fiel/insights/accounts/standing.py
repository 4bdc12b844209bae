"""Running totals: what moved, ever, before some moments, by unit and kind of change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fiel.domain.telling import category_of
from fiel.insights.accounts.due import Due, expired_of
from fiel.insights.accounts.reading import rows
from fiel.insights.movements import spot
from fiel.ledger.accounts import Place
from fiel.ledger.scope import Connection

EXPIRED = "expired"

# What has changed what members have of a unit, ever, by kind of change, each with its sign.
type Totals = Mapping[str, Mapping[str, int]]


async def totals_at(
    connection: Connection, program_id: UUID, bounds: Sequence[datetime]
) -> list[dict[str, dict[str, int]]]:
    """What was booked, ever, before each of some moments in rising order."""
    found = await rows(connection, "moved", {"program": program_id, "bounds": list(bounds)})
    totals: list[dict[str, dict[str, int]]] = [{} for _ in bounds]
    for unit, bucket, debit, credit, points in found:
        category = category_of(spot(Place(debit)), spot(Place(credit)))
        if category is None:
            continue
        change = points if debit >= Place.ISSUED else -points
        for at in range(bucket, len(bounds)):
            of_unit = totals[at].setdefault(unit, {})
            of_unit[category] = of_unit.get(category, 0) + change
    return totals


def with_due(totals: Totals, due: Sequence[Due]) -> dict[str, dict[str, int]]:
    """Totals in which what had ended has expired, booked or not."""
    more = {unit: dict(of_unit) for unit, of_unit in totals.items()}
    for unit, points in expired_of(due).items():
        of_unit = more.setdefault(unit, {})
        of_unit[EXPIRED] = of_unit.get(EXPIRED, 0) - points
    return more


def balance_of(totals: Totals, unit: str) -> int:
    """All that members have of a unit, waiting and held too, less what they owe."""
    return sum(totals.get(unit, {}).values())


def changes(before: Totals, after: Totals, unit: str) -> dict[str, int]:
    """What changed between two moments, by kind."""
    earlier, later = before.get(unit, {}), after.get(unit, {})
    return {
        kind: later.get(kind, 0) - earlier.get(kind, 0)
        for kind in dict.fromkeys((*earlier, *later))
    }
