"""Lots that hold nothing any more, read because points come back to them."""

from __future__ import annotations

from uuid import UUID

from fiel.domain.lots import Draw
from fiel.ledger.arrays import plain_array
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip


async def drawn_by(
    connection: Connection, place: Place, book: Book, transfer_id: UUID
) -> tuple[Draw, ...]:
    """What a transfer drew on, soonest ending first; the lots are in the book then."""
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "member": str(book.member_id),
    }
    trip = Trip(connection)
    asked = trip.ask(prepared("draws_of_transfer"), here | {"transfer": str(transfer_id)})
    await trip.go()
    draws = tuple(Draw(lot_id, points) for lot_id, points in trip.rows(asked))
    known = {lot.id for lots in book.lots.values() for lot in lots}
    missing = [draw.lot_id for draw in draws if draw.lot_id not in known]
    if missing:
        trip = Trip(connection)
        asked = trip.ask(prepared("named_lots"), here | {"ids": plain_array(missing)})
        await trip.go()
        for lot_id, unit, *lot in trip.rows(asked):
            book.lots.setdefault(unit, []).append(OpenLot(lot_id, unit, *lot))
    return draws


async def lapsed_of(
    connection: Connection, place: Place, member_id: UUID, activity_id: UUID
) -> dict[str, int]:
    """How many points of what an activity earned have expired, by unit."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared("lapsed"),
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "member": str(member_id),
            "activity": str(activity_id),
        },
    )
    await trip.go()
    return dict(trip.rows(asked))
