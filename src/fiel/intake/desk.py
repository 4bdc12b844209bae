"""A desk: one transaction over the books of one or a few members, for all that is not grouped.

Sales and activities come by the thousand and are recorded in groups. What moves points back, or
from one member to another, comes one by one: it opens the books it needs, does its work on them
and leaves everything to be written at the end, all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

import orjson
from psycopg.errors import DeadlockDetected, UniqueViolation

from fiel.domain.lots import Draw
from fiel.domain.member import LimitKey
from fiel.domain.refusal import Refusal
from fiel.intake.groups import repeated_as, unknown_member
from fiel.intake.recording import Lend
from fiel.intake.resolving import LED_ON, MovedAway, ask_whereabouts, is_phone, whereabouts
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.named_lots import drawn_by, lapsed_of
from fiel.ledger.opening import Asked, Place, ask_books
from fiel.ledger.posting import Posting, Record, Recorded, Told, Version
from fiel.ledger.recorded import ActivityName, AskedMade, AskedNames, ask_made, ask_names
from fiel.ledger.scope import Connection
from fiel.ledger.tiers import ground_from
from fiel.ledger.trips import Trip, begin, commit, undone_unless_committed
from fiel.ledger.writing import write
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.programs.versions import Published, Versions

_TRIES = 8

type Write = Callable[[Trip], None]
# Asks for more about a member whose book is being opened, under its lock.
type AskMore = Callable[[Trip, Place, UUID], None]


@dataclass(frozen=True, slots=True)
class Request:
    """Something that is asked for once, however often it is sent.

    Whoever asks makes the id; `fingerprint` tells a repeat from another request that bears the
    same external id.
    """

    kind: str
    fingerprint: bytes
    now: datetime
    source: str = ""
    external_id: str | None = None
    id: UUID = field(default_factory=new_id)

    @property
    def name(self) -> ActivityName | None:
        """What makes it one and the same, where it was given a name."""
        if self.external_id is None:
            return None
        return ActivityName(self.kind, self.source, self.external_id)


@dataclass(frozen=True, slots=True)
class Done[T]:
    """What became of a request; `result` is None when it was `repeated`."""

    recorded: Recorded
    repeated: bool
    published: Published
    result: T | None


class OpenTogether(Exception):
    """Members are to be locked who come before some that are; locking all anew keeps the order."""

    def __init__(self, places: Iterable[Whereabouts]) -> None:
        super().__init__()
        self.places = frozenset(places)


class Desk:
    """The books that one request works on, and what it does to them."""

    def __init__(
        self,
        connection: Connection,
        published: Published,
        request: Request,
        *,
        together: Iterable[Whereabouts] = (),
        found: Mapping[MemberRef, Whereabouts] | None = None,
    ) -> None:
        """`together` are members whose books are opened with the first that is asked for.

        `found` is where members are that were looked up already.
        """
        self.connection = connection
        self.published = published
        self.request = request
        self.now = request.now
        self.recorded: Recorded | None = None
        self.followed: set[UUID] = set()  # activities that have reached a survivor of a merge
        self._postings: dict[int, Posting] = {}
        self._shards: dict[UUID, int] = {}
        self._books: dict[UUID, Book] = {}
        self._together = frozenset(together)
        self._found = dict(found or {})
        self._after: list[Write] = []

    async def open(
        self,
        *refs: MemberRef,
        limits: Iterable[LimitKey] = (),
        inactive: bool = False,
        ask_more: AskMore | None = None,
    ) -> list[Book]:
        """Open the books of members: locked, settled, with all their open lots.

        A member who was merged is the survivor. `inactive` lets members in who are not active
        any more, or have no name; `ask_more` asks on the way for what else is wanted of them.

        Raises:
            NotFound: one of them is not there.
        """
        found = self._found
        if missing := [ref for ref in refs if ref not in found]:
            found |= await whereabouts(
                self.connection, self.published.program_id, self.published.program, missing
            )
        if any(ref not in found for ref in refs):
            raise unknown_member()
        places = [found[ref] for ref in refs]
        books = await self.open_at(places, limits=limits, ask_more=ask_more)
        if not inactive and any(book.standing.status in LED_ON for book in books):
            raise MovedAway
        if not inactive and any(book.standing.status != "active" for book in books):
            raise unknown_member()
        return books

    async def open_at(
        self,
        places: Sequence[Whereabouts],
        *,
        limits: Iterable[LimitKey] = (),
        ask_more: AskMore | None = None,
    ) -> list[Book]:
        """Open books by where they are, of members of whatever status; each is opened once.

        Raises:
            NotFound: one of them is not there.
            OpenTogether: members come before some who are locked already; the work is done anew.
        """
        books = self._books
        to_open = {place for place in places if place.member_id not in books}
        if not to_open:
            return [books[place.member_id] for place in places]
        held = {Whereabouts(self._shards[member_id], member_id) for member_id in books}
        if not held:
            to_open |= self._together
        elif min(map(_lock_order, to_open)) < max(map(_lock_order, held)):
            raise OpenTogether(held | to_open)
        by_shard: dict[int, list[UUID]] = {}
        for place in sorted(to_open, key=_lock_order):
            by_shard.setdefault(place.shard, []).append(place.member_id)
        for shard, members in by_shard.items():
            here = Place(self.published.program_id, shard)
            asked = Asked(
                members,
                self.now,
                frozenset(limits),
                looks_back_to=partial(ground_from, self.published.program, self.now),
                all_lots=True,
            )
            trip = Trip(self.connection)
            opening = ask_books(self.connection, trip, here, asked)
            if ask_more is not None:
                for member_id in members:
                    ask_more(trip, here, member_id)
            await trip.go()
            opened = await opening.read()
            for book in opened.values():
                self._shards[book.member_id] = shard
                self.posting(book).settle(book, self.now)
            books |= opened
        if any(place.member_id not in books for place in places):
            raise unknown_member()
        return [books[place.member_id] for place in places]

    def posting(self, book: Book) -> Posting:
        """What is posted to the shard of a member."""
        return self.posting_on(self._shards[book.member_id])

    def posting_on(self, shard: int) -> Posting:
        """What is posted to a shard."""
        posting = self._postings.get(shard)
        if posting is None:
            version = Version(self.published.number, self.published.program)
            posting = self._postings[shard] = Posting(version)
        return posting

    def whereabouts(self, book: Book) -> Whereabouts:
        """Where a member is."""
        return Whereabouts(self._shards[book.member_id], book.member_id)

    def place(self, book: Book) -> Place:
        """The program and shard of a member."""
        return Place(self.published.program_id, self._shards[book.member_id])

    def told(
        self,
        *,
        facts: Mapping[str, object] | None = None,
        occurred_at: datetime | None = None,
        about: UUID | None = None,
        counts_at: datetime | None = None,
        store: str = "",
    ) -> Told:
        """The activity that bears the request."""
        request = self.request
        return Told(
            id=request.id,
            kind=request.kind,
            source=request.source,
            external_id=request.external_id,
            occurred_at=occurred_at or self.now,
            fingerprint=request.fingerprint,
            facts=orjson.dumps(facts or {}, default=str).decode(),
            store=store,
            about=about,
            counts_at=counts_at,
        )

    def told_besides(
        self,
        kind: str,
        *,
        facts: Mapping[str, object] | None = None,
        occurred_at: datetime | None = None,
        about: UUID | None = None,
        counts_at: datetime | None = None,
    ) -> Told:
        """Another activity that the request brings with it: the other side of a transfer."""
        return Told(
            id=new_id(),
            kind=kind,
            source=self.request.source,
            external_id=None,
            occurred_at=occurred_at or self.now,
            fingerprint=self.request.fingerprint,
            facts=orjson.dumps(facts or {}, default=str).decode(),
            about=about,
            counts_at=counts_at,
        )

    async def drawn(self, book: Book, transfer_id: UUID) -> tuple[Draw, ...]:
        """What a transfer drew on, in the order in which it did; the lots are in the book then."""
        return await drawn_by(self.connection, self.place(book), book, transfer_id)

    async def lapsed(self, book: Book, activity_id: UUID) -> dict[str, int]:
        """How many points of what an activity earned have expired, by unit."""
        place = self.place(book)
        lapsed = await lapsed_of(self.connection, place, book.member_id, activity_id)
        return self.with_ended(book, lapsed, lambda lot: lot.activity_id == activity_id)

    def with_ended(
        self, book: Book, lapsed: Mapping[str, int], is_meant: Callable[[OpenLot], bool]
    ) -> dict[str, int]:
        """What had expired, by unit, with what this very desk has booked so of the lots meant."""
        sums, ended = dict(lapsed), self.posting(book).ended(book)
        for unit, lots in book.lots.items():
            here = sum(ended.get(lot.id, 0) for lot in lots if is_meant(lot))
            if here:
                sums[unit] = sums.get(unit, 0) + here
        return sums

    def close(
        self,
        book: Book,
        told: Told,
        record: Record,
        *,
        event: str | None = None,
        touches: bool = False,
    ) -> Recorded:
        """Keep the activity that says what was done to a book, with what stands after."""
        posting = self.posting(book)
        recorded = posting.close(book, told, record, now=self.now, event=event, touches=touches)
        return self.keep(recorded)

    def keep(self, recorded: Recorded) -> Recorded:
        """Remember the activity that bears the request: it is what a repeat is answered from."""
        if recorded.id == self.request.id:
            self.recorded = recorded
        return recorded

    def after(self, write_more: Write) -> None:
        """Let another room write its rows in the same journey, after the ledger's."""
        self._after.append(write_more)

    async def write(self) -> None:
        """Write everything that was done, and make it last."""
        trip = Trip(self.connection)
        for shard, posting in sorted(self._postings.items()):
            write(trip, Place(self.published.program_id, shard), posting)
        for write_more in self._after:
            write_more(trip)
        commit(trip)
        await trip.go()


def _lock_order(place: Whereabouts) -> tuple[int, UUID]:
    return place.shard, place.member_id


async def at_desk[T](
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    request: Request,
    work: Callable[[Desk], Awaitable[T]],
    *,
    members: Sequence[MemberRef] = (),
) -> Done[T]:
    """Do a piece of work once, in one transaction, and keep it or nothing of it.

    The work closes the activity that bears the request. It is done anew where a name was taken
    meanwhile, a member was merged, or two requests stood in each other's way. Whom it will ask
    for, as far as is known (`members`), is looked up on the way.

    Raises:
        Refusal: it cannot be done; nothing was changed.
        ExternalIdReused: the external id belongs to something else.
    """
    together: frozenset[Whereabouts] = frozenset()
    async with lend() as connection:
        for left in reversed(range(_TRIES)):
            try:
                async with undone_unless_committed(connection):
                    start = await _started(connection, versions, program_id, request, members)
                    return await _at_desk(start, request, work, together)
            except OpenTogether as wanted:
                together |= wanted.places
                if not left:
                    raise
            except (UniqueViolation, DeadlockDetected, MovedAway):
                if not left:
                    raise
    raise AssertionError("the last try returns or raises")


async def foreseen_at_desk[T](
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    request: Request,
    work: Callable[[Desk], Awaitable[T]],
) -> T:
    """What a piece of work would come to now; nothing of it is kept.

    Raises:
        Refusal: it could not be done.
    """
    together: frozenset[Whereabouts] = frozenset()
    async with lend() as connection:
        for left in reversed(range(_TRIES)):
            try:
                async with undone_unless_committed(connection):
                    start = await _started(connection, versions, program_id, request, ())
                    desk = Desk(connection, start.published, request, together=together)
                    return await work(desk)
            except OpenTogether as wanted:
                together |= wanted.places
                if not left:
                    raise
            except (DeadlockDetected, MovedAway):
                if not left:
                    raise
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True, slots=True)
class _Start:
    """What the first journey found, in the transaction that it began."""

    connection: Connection
    published: Published
    earlier: Recorded | None
    found: Mapping[MemberRef, Whereabouts]


async def _started(
    connection: Connection,
    versions: Versions,
    program_id: UUID,
    request: Request,
    members: Sequence[MemberRef],
) -> _Start:
    """Begin the transaction, and ask for all that can be known before any work.

    Raises:
        ExternalIdReused: the external id belongs to something else.
    """
    trip = Trip(connection)
    begin(trip, program_id)
    in_force = versions.ask_in_force(connection, trip, program_id)
    earlier = _ask_earlier(connection, trip, program_id, request)
    # How a phone number is meant without its prefix, only the program can tell.
    sought = [ref for ref in members if not is_phone(ref)]
    places = ask_whereabouts(trip, program_id, None, sought)
    await trip.go()
    published = await in_force.read()
    return _Start(connection, published, await earlier.read(), places.read())


async def _at_desk[T](
    start: _Start,
    request: Request,
    work: Callable[[Desk], Awaitable[T]],
    together: frozenset[Whereabouts],
) -> Done[T]:
    connection, published = start.connection, start.published
    if start.earlier is not None:
        return Done(start.earlier, repeated=True, published=published, result=None)
    desk = Desk(connection, published, request, together=together, found=start.found)
    try:
        result = await work(desk)
    except Refusal:
        # Sent twice at once, the second is refused for what the first has just done.
        trip = Trip(connection)
        asked = _ask_earlier(connection, trip, published.program_id, request)
        await trip.go()
        earlier = await asked.read()
        if earlier is None:
            raise
        return Done(earlier, repeated=True, published=published, result=None)
    assert desk.recorded is not None, "the work closes the activity that bears the request"
    await desk.write()
    return Done(desk.recorded, repeated=False, published=published, result=result)


@dataclass(frozen=True, slots=True)
class _AskedEarlier:
    """What the same request did before, asked for by a trip; read once it is over."""

    request: Request
    made: AskedMade
    names: AskedNames | None

    async def read(self) -> Recorded | None:
        """The activity that bears the request.

        Raises:
            ExternalIdReused: the external id belongs to something else.
        """
        request = self.request
        if self.names is not None and request.name is not None:
            earlier = (await self.names.read()).get(request.name)
            if earlier is not None:
                return repeated_as(earlier, request.fingerprint, external_id=request.external_id)
        return self.made.read()


def _ask_earlier(
    connection: Connection, trip: Trip, program_id: UUID, request: Request
) -> _AskedEarlier:
    made = ask_made(trip, program_id, request.kind, request.id)
    names = None
    if request.name is not None:
        names = ask_names(connection, trip, program_id, [request.name])
    return _AskedEarlier(request, made, names)
