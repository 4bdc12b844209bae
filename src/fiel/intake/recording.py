"""Record what happened: the one road from any door to the ledger, a group at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from uuid import UUID

from psycopg.errors import UniqueViolation

from fiel.domain.refusal import Refusal
from fiel.intake.asking import Ask, Outcome
from fiel.intake.groups import Group, Item, unknown_member
from fiel.intake.resolving import ask_whereabouts, is_phone
from fiel.ledger.books import Standing
from fiel.ledger.grouping import Grouped
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.trips import Trip, begin, commit, undone_unless_committed
from fiel.members.identity import region_of_zone
from fiel.members.nameless import new_nameless_members
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.programs.versions import Published, Versions

type Lend = Callable[[], AbstractAsyncContextManager[Connection]]

# How often a group is made anew because one of its names was taken while it was decided. The
# second time the name is seen to be taken; more is only bad luck with yet another name.
_TRIES = 4


class Recorder:
    """Records activities for every door of this process, together what waits together."""

    def __init__(self, lend: Lend, versions: Versions, *, lanes: int = 1) -> None:
        self._lend = lend
        self._versions = versions
        self._lanes = lanes
        self._queues: dict[UUID, Grouped[Ask, Outcome]] = {}

    async def record(self, program_id: UUID, ask: Ask) -> Outcome:
        """Record one activity with whatever else waits.

        Raises:
            Refusal: the activity cannot be recorded; nothing was changed.
        """
        queue = self._queues.get(program_id)
        if queue is None:
            work = partial(self.record_all, program_id)
            queue = self._queues[program_id] = Grouped(work, lanes=self._lanes)
        return await queue.ask(ask)

    async def record_all(self, program_id: UUID, asks: Sequence[Ask]) -> list[Outcome | Exception]:
        """Record many activities, each with its own answer, in their order for each member."""
        async with self._lend() as connection:
            published, answers, by_shard = await self._place(connection, program_id, asks)
            for shard, items in by_shard.items():
                outcomes = await self._post(connection, published, shard, list(items.values()))
                answers.update(zip(items, outcomes, strict=True))
        return [answers[index] for index in range(len(asks))]

    async def foresee(self, program_id: UUID, ask: Ask) -> Outcome:
        """What recording an activity would come to now; nothing is written.

        Raises:
            Refusal: the activity could not be recorded.
        """
        async with self._lend() as connection:
            published, answers, by_shard = await self._place(connection, program_id, [ask])
            for shard, items in by_shard.items():
                group = Group(published, shard, list(items.values()))
                async with program_transaction(connection, program_id):
                    answers.update(zip(items, await group.foresee(connection), strict=True))
        answer = answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _place(
        self, connection: Connection, program_id: UUID, asks: Sequence[Ask]
    ) -> tuple[Published, dict[int, Outcome | Exception], dict[int, dict[int, Item]]]:
        """Read each activity by the version in force and find its member's shard.

        What cannot be placed has its answer already; numbers are places in `asks`.
        """
        named = {ask.member for ask in asks if ask.member is not None}
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
        answers: dict[int, Outcome | Exception] = {}
        by_shard: dict[int, dict[int, Item]] = {}
        for index, ask in enumerate(asks):
            try:
                shard, item = _item(ask, published, places)
            except Refusal as refusal:
                answers[index] = refusal
            else:
                by_shard.setdefault(shard, {})[index] = item
        return published, answers, by_shard

    async def _post(
        self, connection: Connection, published: Published, shard: int, items: Sequence[Item]
    ) -> list[Outcome | Exception]:
        for left in reversed(range(_TRIES)):
            group = Group(published, shard, items, again=left < _TRIES - 1)
            try:
                async with undone_unless_committed(connection):
                    there = Trip(connection)
                    begin(there, published.program_id)
                    asked = group.ask(connection, there)
                    await there.go()
                    outcomes = await group.decide(connection, asked)
                    back = Trip(connection)
                    group.write(back)
                    _keep_nameless(back, published, shard, items, outcomes)
                    commit(back)
                    await back.go()
                    return outcomes
            except UniqueViolation:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")


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


def shard_of(member_id: UUID, shards: int) -> int:
    """The shard that a new member of a program is put on, for good.

    The last bytes of an id are chance, so that members spread evenly.
    """
    return member_id.int % shards


def _keep_nameless(
    trip: Trip,
    published: Published,
    shard: int,
    items: Sequence[Item],
    outcomes: Sequence[Outcome | Exception],
) -> None:
    joined = [
        (item.member_id, item.joins.joined_at)
        for item, outcome in zip(items, outcomes, strict=True)
        if item.joins is not None and isinstance(outcome, Outcome) and not outcome.repeated
    ]
    if joined:
        new_nameless_members(trip, published.program_id, shard, joined)
