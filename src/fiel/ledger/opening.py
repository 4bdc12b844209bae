"""Open members' books: lock them in order, then read what a posting needs in few round trips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from fiel.domain.member import LimitKey
from fiel.ledger.accounts import Account, Expiring
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.books import Book, Counted, OpenLot, Standing
from fiel.ledger.progress import ask_progress, keep_read
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.tiers import dropped_of
from fiel.ledger.trips import Rows, Trip

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """A member's activities: when the first counts, and the first and last start of windows."""

    first_at: datetime
    first_start: datetime
    last_start: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose facts a statement may touch: one program, one shard."""

    program_id: UUID
    shard: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a posting asks of the books. `now` is the latest moment it works at.

    `looks_back_to` tells of a member from when on what counted is asked for besides; `all_lots`
    asks for the open lots of everybody, not only of those of whom something is due.
    """

    members: Sequence[UUID]
    now: datetime
    limits: frozenset[LimitKey] = frozenset()
    counters: frozenset[str] = frozenset()
    spans: Mapping[UUID, Span] = field(default_factory=dict)
    looks_back_to: Callable[[Standing], datetime | None] | None = None
    all_lots: bool = False


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
    progress: int | None
    lots: int | None

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
        if self.progress is not None:
            keep_read(books, rows(self.progress))
        if self.lots is not None:
            _keep_lots(books, rows(self.lots))
        await _read_due_lots(self.connection, self.place, books, self.asked.now)
        await _read_counted(self.connection, self.place, books, self.asked)
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
        ask_progress(trip, here, asked.counters),
        trip.ask(prepared("open_lots"), here) if asked.all_lots else None,
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
    trip = Trip(connection)
    asked = trip.ask(prepared("open_lots"), here)
    await trip.go()
    _keep_lots(by_member, trip.rows(asked))


def _keep_lots(books: Mapping[UUID, Book], rows: Rows) -> None:
    for book in books.values():
        assert not book.lots_read, "lots are read once"
        book.lots_read = True
    for member_id, lot_id, unit, *lot in rows:
        books[member_id].lots.setdefault(unit, []).append(OpenLot(lot_id, unit, *lot))


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
    due = [book for book in books.values() if not book.lots_read and book.has_points_due(now)]
    if due:
        await read_lots(connection, place, due)


async def _read_counted(
    connection: Connection, place: Place, books: Mapping[UUID, Book], asked: Asked
) -> None:
    members, since, until = [], [], []
    for member_id, book in books.items():
        standing = book.standing
        if standing.first_activity_at is None:
            book.known_from = ALWAYS
            continue
        span = asked.spans.get(member_id)
        if known_from := _to_know_from(standing, span, asked):
            book.known_from = known_from
            read = known_from, FOR_EVER
        elif span is not None and (slid := _slid_over(standing, span)):
            read = slid
        else:
            continue
        members.append(member_id)
        since.append(read[0])
        until.append(read[1])
    if not members:
        return
    trip = Trip(connection)
    told = trip.ask(
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
    for member_id, at, spend, points, visits in trip.rows(told):
        books[member_id].qualified.append(Counted(at, spend or 0, points or 0, visits or 0))


def _to_know_from(standing: Standing, span: Span | None, asked: Asked) -> datetime | None:
    """From when on all that counted is asked for: by a review, or by what is told late."""
    wanted: list[datetime | None] = []
    if standing.review_at is not None and standing.review_at <= asked.now:
        wanted.append(standing.review_from)
    if asked.looks_back_to is not None:
        wanted.append(asked.looks_back_to(standing))
    if span is not None:
        dropped = dropped_of(standing)
        if dropped is not None and span.first_at < dropped.at:
            wanted.append(dropped.counted_from)
        if standing.window_from is not None and span.first_start < standing.window_from:
            wanted.append(span.first_start)
    found = [since for since in wanted if since is not None]
    if not found:
        return None
    # The window that the standing counts may have to move, too.
    return min(*found, standing.window_from or FOR_EVER)


def _slid_over(standing: Standing, span: Span) -> tuple[datetime, datetime] | None:
    """The past activities that leave a member's tier window when it moves forward, if any."""
    if standing.window_from is None or standing.first_activity_at is None:
        return None
    if span.last_start > standing.window_from and standing.first_activity_at < span.last_start:
        return standing.window_from, span.last_start
    return None


def _expiring(points: list[int] | None, ends: list[datetime] | None) -> list[Expiring]:
    return [Expiring(p, at) for p, at in zip(points or (), ends or (), strict=True)]
