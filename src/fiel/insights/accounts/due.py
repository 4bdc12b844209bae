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
from fiel.insights.accounts.reading import Row, rows
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


async def due_at(
    connection: Connection, program_id: UUID, program: Program, bounds: Sequence[datetime]
) -> list[list[Due]]:
    """Everything that ended by each of some moments in rising order and is not booked."""
    *before, last = bounds
    found = await rows(connection, "due", {"program": program_id, "until": last})
    idle = [
        unit.id for unit in program.units.values() if isinstance(unit.expiry, ExpiresByInactivity)
    ]
    of_last = await _due_by(connection, program_id, program, last, found, idle)
    # What is not due by the last moment was not due before, unless doing nothing ends points: then
    # what was told since may have kept them alive.
    if not of_last and not idle:
        return [[] for _ in bounds]
    return [
        *[await _due_by(connection, program_id, program, until, found, idle) for until in before],
        of_last,
    ]


async def _due_by(
    connection: Connection,
    program_id: UUID,
    program: Program,
    until: datetime,
    ended: Sequence[Row],
    idle: Sequence[str],
) -> list[Due]:
    here = {"program": program_id, "until": until, "idle": list(idle)}
    one_by_one = await rows(connection, "unsettled", here)
    due = [
        Due(lot_id, unit, points, Place.EXPIRED)
        for lot_id, unit, points, ends_at in ended
        if ends_at <= until
    ]
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


def due_parameters(due: Sequence[Sequence[Due]]) -> dict[str, object]:
    """What is due at each moment, as a statement takes it."""
    every = [(each, bucket) for bucket, some in enumerate(due) for each in some]
    return {
        "due_lot": [each.lot_id for each, _ in every],
        "due_place": [each.place.value for each, _ in every],
        "due_points": [each.points for each, _ in every],
        "due_bucket": [bucket for _, bucket in every],
    }
