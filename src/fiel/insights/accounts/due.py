"""What had ended by a moment and is not booked: gone all the same.

What is expired is unspendable at once, and a day closes with it as expired. The job that books it
late writes it at the moment when it ended, so that nothing about that day changes then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.program import ExpiresByInactivity, Program
from fiel.insights.accounts.reading import rows
from fiel.ledger.accounts import Place
from fiel.ledger.history import stood_before
from fiel.ledger.opening import Place as Shard
from fiel.ledger.scope import Connection


@dataclass(frozen=True, slots=True)
class Due:
    """Points that leave a lot by themselves: they expire, or pay a debt as they start."""

    lot_id: UUID
    unit: str
    points: int
    place: Place


async def due_by(
    connection: Connection, program_id: UUID, program: Program, until: datetime
) -> list[Due]:
    """Everything that ended before a moment (or at it) and is not booked."""
    here = {"program": program_id, "until": until}
    found = await rows(connection, "due", here)
    idle = [
        unit.id for unit in program.units.values() if isinstance(unit.expiry, ExpiresByInactivity)
    ]
    one_by_one = await rows(connection, "unsettled", {**here, "idle": idle})
    due = [Due(lot_id, unit, points, Place.EXPIRED) for lot_id, unit, points in found]
    alone = {each.lot_id for each in due}
    for shard, member_id in one_by_one:
        stood = await stood_before(connection, Shard(program_id, shard), member_id, until, program)
        due += [
            Due(draw.lot_id, move.unit, draw.points, move.credit)
            for move in stood.due
            for draw in move.draws
            if draw.lot_id not in alone
        ]
    return due


def expired_of(due: Iterable[Due]) -> dict[str, int]:
    """How many points of each unit expired."""
    points: dict[str, int] = {}
    for each in due:
        if each.place is Place.EXPIRED:
            points[each.unit] = points.get(each.unit, 0) + each.points
    return points


def due_parameters(due: Sequence[Due]) -> dict[str, object]:
    """What is due, as a statement takes it."""
    return {
        "due_lot": [each.lot_id for each in due],
        "due_place": [each.place.value for each in due],
        "due_points": [each.points for each in due],
    }
