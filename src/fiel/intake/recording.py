"""Record what happened: the one road from any door to the ledger, a group at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from uuid import UUID

from psycopg.errors import UniqueViolation

from fiel.intake.asking import Ask, Outcome
from fiel.intake.groups import Group, Item
from fiel.intake.placing import Doubt, Placed, Placing
from fiel.intake.resolving import MovedAway
from fiel.ledger.grouping import Grouped
from fiel.ledger.parked import ParkedReturn, ask_parked, parked_of
from fiel.ledger.scope import Connection, program_snapshot
from fiel.ledger.trips import Trip, begin, commit, undone_unless_committed
from fiel.members.nameless import new_nameless_members
from fiel.programs.versions import Published, Versions

type Lend = Callable[[], AbstractAsyncContextManager[Connection]]
type Follow = Callable[[UUID, Sequence[ParkedReturn], datetime], Awaitable[None]]

# How often a group is made anew because one of its names was taken while it was decided. The
# second time the name is seen to be taken; more is only bad luck with yet another name.
_TRIES = 4


class Recorder:
    """Records activities for every door of this process, together what waits together."""

    def __init__(
        self, lend: Lend, versions: Versions, *, lanes: int = 1, follow: Follow | None = None
    ) -> None:
        """`follow` applies the returns that waited for sales which are recorded now."""
        self._lend = lend
        self._follow = follow
        self._versions = versions
        self._placing = Placing(versions)
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
        waited: list[ParkedReturn] = []
        async with self._lend() as connection:
            placed = await self._by_guess(connection, program_id, asks, waited)
            if placed is None:
                answers = await self._by_knowledge(connection, program_id, asks, waited)
            else:
                answers = placed.answers
        if waited and self._follow is not None:
            await self._follow(program_id, waited, max(ask.now for ask in asks))
        return [answers[index] for index in range(len(asks))]

    async def _by_knowledge(
        self,
        connection: Connection,
        program_id: UUID,
        asks: Sequence[Ask],
        waited: list[ParkedReturn],
    ) -> dict[int, Outcome | Exception]:
        """Record by what the database says; what a merge moved away meanwhile is placed anew."""
        answers: dict[int, Outcome | Exception] = {}
        left = list(range(len(asks)))
        for tries_left in reversed(range(_TRIES)):
            placed = await self._placing.place(connection, program_id, [asks[i] for i in left])
            answers.update((left[place], answer) for place, answer in placed.answers.items())
            moved: list[int] = []
            for shard, items in placed.by_shard.items():
                indexes = [left[place] for place in items]
                group = list(items.values())
                try:
                    outcomes = await self._post(connection, placed.published, shard, group, waited)
                except MovedAway:
                    if not tries_left:
                        raise
                    moved += indexes
                    continue
                assert outcomes is not None, "what is known is not in doubt"
                answers.update(zip(indexes, outcomes, strict=True))
            left = sorted(moved)
            if not left:
                break
        return answers

    async def _by_guess(
        self,
        connection: Connection,
        program_id: UUID,
        asks: Sequence[Ask],
        waited: list[ParkedReturn],
    ) -> Placed | None:
        """Record by what is remembered of the members; None where that was not right."""
        guessed = self._placing.guess(program_id, asks)
        if guessed is None:
            return None
        guess, placed = guessed
        ((shard, items),) = placed.by_shard.items()

        def doubt(trip: Trip) -> Doubt:
            return self._placing.doubt(connection, trip, guess, asks)

        try:
            outcomes = await self._post(
                connection, placed.published, shard, list(items.values()), waited, doubt=doubt
            )
        except MovedAway:
            outcomes = None
        if outcomes is None:
            self._placing.forget(program_id)
            return None
        placed.answers.update(zip(items, outcomes, strict=True))
        return placed

    async def foresee(self, program_id: UUID, ask: Ask) -> Outcome:
        """What recording an activity would come to now; nothing is written.

        Raises:
            Refusal: the activity could not be recorded.
        """
        async with self._lend() as connection:
            for tries_left in reversed(range(_TRIES)):
                placed = await self._placing.place(connection, program_id, [ask])
                try:
                    for shard, items in placed.by_shard.items():
                        group = Group(
                            placed.published, shard, list(items.values()), versions=self._versions
                        )
                        async with program_snapshot(connection, program_id):
                            outcomes = await group.foresee(connection)
                        placed.answers.update(zip(items, outcomes, strict=True))
                    break
                except MovedAway:
                    if not tries_left:
                        raise
        answer = placed.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _post(
        self,
        connection: Connection,
        published: Published,
        shard: int,
        items: Sequence[Item],
        waited: list[ParkedReturn],
        *,
        doubt: Callable[[Trip], Doubt] | None = None,
    ) -> list[Outcome | Exception] | None:
        """Record one shard's group; None, and nothing done, where a doubt proves right."""
        for left in reversed(range(_TRIES)):
            group = Group(published, shard, items, again=left < _TRIES - 1, versions=self._versions)
            try:
                async with undone_unless_committed(connection):
                    there = Trip(connection)
                    begin(there, published.program_id)
                    doubted = doubt(there) if doubt else None
                    asked = group.ask(connection, there)
                    await there.go()
                    if doubted is not None and not doubted.is_dispelled():
                        return None
                    outcomes = await group.decide(connection, asked)
                    back = Trip(connection)
                    group.write(back)
                    _keep_nameless(back, published, shard, items, outcomes)
                    commit(back)
                    waiting = self._ask_parked(back, published.program_id, items)
                    await back.go()
                    if waiting is not None:
                        waited += parked_of(back, waiting)
                    return outcomes
            except UniqueViolation:
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _ask_parked(self, trip: Trip, program_id: UUID, items: Sequence[Item]) -> int | None:
        """Ask, once the sales are there for all to see, which returns have waited for them."""
        names = [
            (item.ask.source, item.ask.external_id)
            for item in items
            if item.ask.kind == "sale" and item.ask.external_id is not None
        ]
        if self._follow is None or not names:
            return None
        begin(trip, program_id)
        asked = ask_parked(trip, program_id, names)
        commit(trip)
        return asked


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
