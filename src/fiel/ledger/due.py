"""What falls due: members found by index, some at a time, and booked in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.opening import Asked, Place, open_books
from fiel.ledger.posting import Posting, Version
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write


class DueKind(StrEnum):
    """What can fall due in members' books; each is found by an index of its own."""

    POINTS = "due_points"
    INACTIVE = "due_inactive"
    REVIEWS = "due_reviews"


@dataclass(frozen=True, slots=True)
class DueAfter:
    """How far somebody went through what is due."""

    at: datetime
    member_id: UUID


FROM_THE_START = DueAfter(datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))


async def due_members(
    connection: Connection,
    place: Place,
    kind: DueKind,
    *,
    until: datetime,
    after: DueAfter,
    most: int,
) -> list[DueAfter]:
    """The next members of whom something is due, soonest first; one may come twice."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared(kind.value),
        {
            **_here(place),
            "until": until.isoformat(),
            "after_at": after.at.isoformat(),
            "after_id": str(after.member_id),
            "most": str(most),
        },
    )
    await trip.go()
    return [DueAfter(*row) for row in trip.rows(asked)]


async def next_due(connection: Connection, place: Place, after: datetime) -> datetime | None:
    """When something of a shard's members falls due next, after a moment; None for never."""
    trip = Trip(connection)
    asked = trip.ask(prepared("due_next"), {**_here(place), "after_at": after.isoformat()})
    await trip.go()
    found: datetime | None = trip.rows(asked)[0][0]
    return found


async def settle_members(
    connection: Connection,
    place: Place,
    version: Version,
    members: Sequence[UUID],
    now: datetime,
    *,
    waits: bool,
) -> int:
    """Book what is due of members, inside the program's transaction; of how many there was.

    Whom somebody else works on is left to them, unless whoever asks `waits`.
    """
    if not waits:
        trip = Trip(connection)
        free = trip.ask(
            prepared("lock_free_standings"), {**_here(place), "members": plain_array(members)}
        )
        await trip.go()
        members = [member_id for (member_id,) in trip.rows(free)]
    if not members:
        return 0
    books = await open_books(connection, place, Asked(members, now))
    posting = Posting(version)
    for book in books.values():
        posting.settle(book, now)
    back = Trip(connection)
    write(back, place, posting)
    await back.go()
    return len(posting.rows.books)


async def tiers_without_term(
    connection: Connection, place: Place, tiers: Sequence[str], *, after: UUID, most: int
) -> list[UUID]:
    """Members who hold one of these tiers without a term, in the order of their ids."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared("tiers_without_term"),
        {**_here(place), "after": str(after), "tiers": text_array(tiers), "most": str(most)},
    )
    await trip.go()
    return [member_id for (member_id,) in trip.rows(asked)]


async def begin_terms(
    connection: Connection, place: Place, version: Version, members: Sequence[UUID], now: datetime
) -> int:
    """Give members' tiers a term from today, inside the program's transaction; how many have it."""
    books = await open_books(connection, place, Asked(members, now))
    posting = Posting(version)
    for book in books.values():
        posting.settle(book, now)
        posting.begin_term(book, now)
    back = Trip(connection)
    write(back, place, posting)
    await back.go()
    return len(posting.rows.books)


def _here(place: Place) -> dict[str, str]:
    return {"program": str(place.program_id), "shard": str(place.shard)}
