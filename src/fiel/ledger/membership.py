"""Segments that members enter and leave: kept with their standings, told as activities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import orjson

from fiel.ledger.books import Book
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Asked, Place, open_books
from fiel.ledger.posting import Posting, Told, Version
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write

ENTERED, LEFT = "segment_entered", "segment_left"


async def keep_segments(
    connection: Connection,
    place: Place,
    version: Version,
    wanted: Mapping[UUID, frozenset[str]],
    now: datetime,
) -> int:
    """Let members of a shard be in these segments and no others, inside the program's transaction.

    How many were entered or left; each is an activity of the member. Who is not active any more
    stays as is.
    """
    books = await open_books(connection, place, Asked(list(wanted), now))
    posting, changes = Posting(version), 0
    for book in books.values():
        if book.standing.status == "active":
            posting.settle(book, now)
            changes += _change(posting, book, wanted[book.member_id], now)
    back = Trip(connection)
    write(back, place, posting)
    await back.go()
    return changes


def _change(posting: Posting, book: Book, wanted: frozenset[str], now: datetime) -> int:
    before = frozenset(book.standing.segments)
    entered, left = sorted(wanted - before), sorted(before - wanted)
    if not entered and not left:
        return 0
    book.standing.segments = tuple(sorted(wanted))
    for kind, segments in ((LEFT, left), (ENTERED, entered)):
        for segment in segments:
            facts = orjson.dumps({"segment": segment}).decode()
            told = Told(new_id(), kind, "", None, now, b"", facts=facts)
            posting.close(book, told, {"segment": segment}, now=now)
    return len(entered) + len(left)


async def is_anybody_in(connection: Connection, place: Place) -> bool:
    """Whether any member of a shard is in a segment."""
    trip = Trip(connection)
    here = {"program": str(place.program_id), "shard": str(place.shard)}
    asked = trip.ask(prepared("somebody_in_segments"), here)
    await trip.go()
    found: bool = trip.rows(asked)[0][0]
    return found


async def members_in(
    connection: Connection, place: Place, segment: str, *, after: UUID, most: int
) -> list[UUID]:
    """The next members of a shard who are in a segment, in the order of their ids."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared("members_in_segment"),
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "segment": segment,
            "after": str(after),
            "most": str(most),
        },
    )
    await trip.go()
    return [member_id for (member_id,) in trip.rows(asked)]
