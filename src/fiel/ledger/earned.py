"""What activities earned, where it lies, and what is left of a purchase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from fiel.ledger.arrays import plain_array
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Rows, Trip


async def points_earned_by(
    connection: Connection, place: Place, member_id: UUID, activity_id: UUID
) -> dict[str, int]:
    """The points that an activity issued, by unit."""
    return dict(
        await _rows(connection, "earned_by_activity", place, member_id, activity=str(activity_id))
    )


async def lots_made_by(
    connection: Connection, place: Place, member_id: UUID, activity_id: UUID
) -> list[UUID]:
    """The lots that an activity made; what was moved elsewhere names them as its origin."""
    rows = await _rows(connection, "lots_of_activity", place, member_id, activity=str(activity_id))
    return [row[0] for row in rows]


async def lapsed_here(
    connection: Connection, place: Place, member_id: UUID, origins: Iterable[UUID]
) -> dict[str, int]:
    """Points that were earned in some lots of another member and expired with this one."""
    return dict(
        await _rows(connection, "lapsed_of_origins", place, member_id, origins=plain_array(origins))
    )


async def first_purchase(
    connection: Connection, place: Place, member_id: UUID, *, least: int, since: datetime
) -> tuple[UUID, datetime] | None:
    """A member's first purchase of at least so much, and when; None where there is none."""
    rows = await _rows(
        connection, "first_purchase", place, member_id, least=str(least), since=since.isoformat()
    )
    return (rows[0][0], rows[0][1]) if rows else None


async def kept_of_purchase(
    connection: Connection, place: Place, member_id: UUID, sale_id: UUID, *, until: datetime
) -> tuple[int, int]:
    """What is left of what a purchase counted as spend: before a moment, and now."""
    [(then, now)] = await _rows(
        connection, "kept_of_purchase", place, member_id,
        sale=str(sale_id), until=until.isoformat(),
    )  # fmt: skip
    return then, now


async def _rows(
    connection: Connection, name: str, place: Place, member_id: UUID, **parameters: str
) -> Rows:
    trip = Trip(connection)
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "member": str(member_id),
    }
    asked = trip.ask(prepared(name), here | parameters)
    await trip.go()
    return trip.rows(asked)
