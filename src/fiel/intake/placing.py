"""Placing: which version decides, and on which shard whose activities are recorded.

A process remembers where it found members. What it remembers is only a guess: the transaction
that records by it asks again, and one that finds otherwise is undone and made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from fiel.domain.refusal import Refusal
from fiel.intake.asking import Ask, Outcome
from fiel.intake.groups import Item, unknown_member
from fiel.intake.resolving import AskedWhereabouts, ask_whereabouts, is_phone
from fiel.ledger.books import Standing
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.trips import Trip, begin, commit, undone_unless_committed
from fiel.members.identity import region_of_zone
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.programs.versions import AskedVersion, Published, Versions

# Members of one program whose place a process remembers; more are asked for anew.
MOST_REMEMBERED = 100_000


@dataclass(slots=True)
class Guess:
    """The version that decided last, and where members were found since."""

    published: Published
    places: dict[MemberRef, Whereabouts] = field(default_factory=dict)


@dataclass(slots=True)
class Placed:
    """Activities by shard; one that cannot be placed has its answer. Numbers are their order."""

    published: Published
    answers: dict[int, Outcome | Exception] = field(default_factory=dict)
    by_shard: dict[int, dict[int, Item]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a posting that goes by a guess asks on its way."""

    guess: Guess
    in_force: AskedVersion
    places: AskedWhereabouts

    def is_dispelled(self) -> bool:
        """Whether everything is as it was remembered."""
        published = self.guess.published
        rows = self.in_force.trip.rows(self.in_force.asked)
        if [row[:3] for row in rows] != [(published.number, published.shards, published.sandbox)]:
            return False
        places = self.guess.places
        found = self.places.read()
        return all(found.get(ref) == places.get(ref) for ref in self.places.sought)


class Placing:
    """Places activities for one process."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions
        self._guesses: dict[UUID, Guess] = {}

    def guess(self, program_id: UUID, asks: Sequence[Ask]) -> tuple[Guess, Placed] | None:
        """Place activities by what is remembered; None where that does not do."""
        guess = self._guesses.get(program_id)
        if guess is None or any(ask.member not in guess.places for ask in asks if ask.member):
            return None
        placed = _placed(asks, guess.published, guess.places)
        return (guess, placed) if len(placed.by_shard) == 1 else None

    def doubt(self, connection: Connection, trip: Trip, guess: Guess, asks: Sequence[Ask]) -> Doubt:
        """Ask whether a guess was right."""
        published = guess.published
        region = region_of_zone(published.program.timezone.key)
        return Doubt(
            guess,
            self._versions.ask_in_force(connection, trip, published.program_id),
            ask_whereabouts(trip, published.program_id, region, _named(asks)),
        )

    def forget(self, program_id: UUID) -> None:
        """Forget a guess that was wrong."""
        self._guesses.pop(program_id, None)

    async def place(self, connection: Connection, program_id: UUID, asks: Sequence[Ask]) -> Placed:
        """Place activities by what the database says, and remember it."""
        named = _named(asks)
        region = None
        if any(is_phone(ref) for ref in named):
            # How a number is meant without its prefix, only the program can tell.
            async with program_transaction(connection, program_id):
                known = await self._versions.in_force(connection, program_id)
            region = region_of_zone(known.program.timezone.key)
        async with undone_unless_committed(connection):
            trip = Trip(connection)
            begin(trip, program_id)
            in_force = self._versions.ask_in_force(connection, trip, program_id)
            asked = ask_whereabouts(trip, program_id, region, named)
            commit(trip)
            await trip.go()
        published, places = await in_force.read(), asked.read()
        self._remember(published, places)
        return _placed(asks, published, places)

    def _remember(self, published: Published, places: Mapping[MemberRef, Whereabouts]) -> None:
        guess = self._guesses.get(published.program_id)
        if guess is None or guess.published.number != published.number:
            guess = self._guesses[published.program_id] = Guess(published)
        guess.published = published
        if len(guess.places) + len(places) > MOST_REMEMBERED:
            guess.places.clear()
        guess.places.update(places)


def shard_of(member_id: UUID, shards: int) -> int:
    """The shard that a new member of a program is put on, for good.

    The last bytes of an id are chance, so that members spread evenly.
    """
    return member_id.int % shards


def _named(asks: Sequence[Ask]) -> set[MemberRef]:
    return {ask.member for ask in asks if ask.member is not None}


def _placed(
    asks: Sequence[Ask], published: Published, places: Mapping[MemberRef, Whereabouts]
) -> Placed:
    placed = Placed(published)
    for index, ask in enumerate(asks):
        try:
            shard, item = _item(ask, published, places)
        except Refusal as refusal:
            placed.answers[index] = refusal
        else:
            placed.by_shard.setdefault(shard, {})[index] = item
    return placed


def _item(
    ask: Ask, published: Published, places: Mapping[MemberRef, Whereabouts]
) -> tuple[int, Item]:
    understood = ask.understand(published.program, ask.now)
    if ask.member is None:
        # A sale that names nobody belongs to a nameless member, who has the sale's own id, until
        # it is claimed.
        standing = Standing("nameless", joined_at=understood.activity.occurred_at)
        return shard_of(ask.id, published.shards), Item(ask, understood, ask.id, standing)
    place = places.get(ask.member)
    if place is None:
        raise unknown_member()
    return place.shard, Item(ask, understood, place.member_id)
