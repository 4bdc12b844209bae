"""Open members' books: lock them in order, then read what a posting needs in few round trips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fiel.domain.member import LimitKey
from fiel.ledger.accounts import Account, Expiring
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.books import Book, Counted, OpenLot, Standing
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip


@dataclass(frozen=True, slots=True)
class Span:
    """The tier windows of a member's activities: first and last start, and last end."""

    first_start: datetime
    last_start: datetime
    last_end: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose facts a statement may touch: one program, one shard."""

    program_id: UUID
    shard: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a posting asks of the books. `now` is the latest moment it works at."""

    members: Sequence[UUID]
    now: datetime
    limits: frozenset[LimitKey] = frozenset()
    spans: Mapping[UUID, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedBooks:
    """Books that a trip asks for; read once it is over."""

    connection: Connection
    trip: Trip
    place: Place
    asked: Asked
    standings: int
    accounts: int
    limits: int | None

    async def read(self) -> dict[UUID, Book]:
        """The books of the members who exist.

        Few members have anything due, or a tier window that moves: for them more is read.
        """
        rows = self.trip.rows
        books = {row[0]: Book(row[0], Standing(*row[1:])) for row in rows(self.standings)}
        for member_id, unit, *counters, points, ends in rows(self.accounts):
            account = Account(unit, *counters)
            account.expiring = _expiring(points, ends)
            books[member_id].accounts[unit] = account
        if self.limits is not None:
            for member_id, rule, period_start, used in rows(self.limits):
                books[member_id].limits[rule, period_start] = used
        await _read_due_lots(self.connection, self.place, books, self.asked.now)
        await _read_spans(self.connection, self.place, books, self.asked.spans)
        return books


def ask_books(
    connection: Connection, trip: Trip, place: Place, asked: Asked, *, lock: bool = True
) -> AskedBooks:
    """Ask for members' books, inside the program's transaction.

    The members are locked until it ends; without `lock` the books are only good for looking ahead.
    """
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "members": plain_array(asked.members),
    }
    if lock:
        trip.ask(prepared("lock_standings"), here)
    return AskedBooks(
        connection,
        trip,
        place,
        asked,
        trip.ask(prepared("standings"), here),
        trip.ask(prepared("accounts"), here),
        _ask_limits(trip, here, asked.limits),
    )


async def open_books(connection: Connection, place: Place, asked: Asked) -> dict[UUID, Book]:
    """Lock members and read their books; one that does not exist has none."""
    trip = Trip(connection)
    books = ask_books(connection, trip, place, asked)
    await trip.go()
    return await books.read()


async def read_lots(connection: Connection, place: Place, books: Iterable[Book]) -> None:
    """Read all open lots of these members into their books."""
    by_member = {book.member_id: book for book in books}
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "members": plain_array(by_member),
    }
    for book in by_member.values():
        assert not book.lots_read, "lots are read once"
        book.lots_read = True
    trip = Trip(connection)
    asked = trip.ask(prepared("open_lots"), here)
    await trip.go()
    for member_id, lot_id, unit, *lot in trip.rows(asked):
        by_member[member_id].lots.setdefault(unit, []).append(OpenLot(lot_id, unit, *lot))


async def read_limits(
    connection: Connection, place: Place, book: Book, limits: Iterable[LimitKey]
) -> None:
    """Read what an opened book was not asked about: uses of these limits."""
    missing = frozenset(limits) - book.limits.keys()
    trip = Trip(connection)
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "members": plain_array([book.member_id]),
    }
    asked = _ask_limits(trip, here, missing)
    if asked is not None:
        await trip.go()
        for _, rule, period_start, used in trip.rows(asked):
            # What the posting at hand has counted stands in the book, not in the database.
            book.limits.setdefault((rule, period_start), used)


def _ask_limits(trip: Trip, here: Mapping[str, str], limits: frozenset[LimitKey]) -> int | None:
    if not limits:
        return None
    asked = {
        "rules": text_array({rule for rule, _ in limits}),
        "periods": plain_array({start for _, start in limits}),
    }
    return trip.ask(prepared("limits_used"), {**here, **asked})


async def _read_due_lots(
    connection: Connection, place: Place, books: Mapping[UUID, Book], now: datetime
) -> None:
    due = [book for book in books.values() if book.is_due(now)]
    if due:
        await read_lots(connection, place, due)


async def _read_spans(
    connection: Connection, place: Place, books: Mapping[UUID, Book], spans: Mapping[UUID, Span]
) -> None:
    members, since, until = [], [], []
    for member_id, span in spans.items():
        if member_id in books and (read := _span_to_read(books[member_id].standing, span)):
            members.append(member_id)
            since.append(read[0])
            until.append(read[1])
    if not members:
        return
    trip = Trip(connection)
    asked = trip.ask(
        prepared("qualifying"),
        {
            "program": str(place.program_id),
            "shard": str(place.shard),
            "members": plain_array(members),
            "since": plain_array(since),
            "until": plain_array(until),
        },
    )
    await trip.go()
    for member_id, at, spend, points, visits in trip.rows(asked):
        books[member_id].qualified.append(Counted(at, spend or 0, points or 0, visits or 0))


def _span_to_read(standing: Standing, span: Span) -> tuple[datetime, datetime] | None:
    """The past activities that moving or reopening a member's tier window asks for, if any."""
    if standing.window_from is None or standing.first_activity_at is None:
        return None
    if span.first_start < standing.window_from:
        return span.first_start, max(span.last_end, standing.window_from)
    if span.last_start > standing.window_from and standing.first_activity_at < span.last_start:
        return standing.window_from, span.last_start
    return None


def _expiring(points: list[int] | None, ends: list[datetime] | None) -> list[Expiring]:
    return [Expiring(p, at) for p, at in zip(points or (), ends or (), strict=True)]
