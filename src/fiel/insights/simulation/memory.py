"""Memory: the ledger's own posting on books that nobody writes down, and what it must look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from fiel.domain.deciding import Rulebook
from fiel.domain.deciding.records import advances_of
from fiel.domain.lots import Draw
from fiel.domain.member import LimitKey
from fiel.insights.simulation.tally import Tally
from fiel.intake.following import Recalled
from fiel.intake.past import Gift
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.milestone_steps import Step, step_of
from fiel.ledger.posting import Posting, Record, Recorded, Rows, Told, Version
from fiel.ledger.settling import Move

# So many empty lots of a member are kept before they are put away.
_LOTS_KEPT = 24


class ReplayedPosting(Posting):
    """A posting that counts what it does instead of keeping rows for a database."""

    __slots__ = ("memory",)

    def __init__(self, version: Version, memory: Memory) -> None:
        super().__init__(version)
        self.memory = memory

    def transfer(self, book: Book, _told: Told, move: Move, _now: datetime) -> UUID:
        """Count a transfer that the book knows of already; its id."""
        return self.memory.transfer(book, move)

    def use_limit(self, book: Book, key: LimitKey, times: int) -> None:
        """Count uses of a rule's limit."""
        book.limits[key] = book.limits.get(key, 0) + times

    def use_budget(self, budget: tuple[str, str], points: int) -> None:
        """Take points out of a budget."""
        self.memory.budgets[budget] -= points

    def _stands(self, _book: Book) -> Record:
        """Nobody asks how a member stands in between."""
        return {}

    def _lies_ahead(self, _book: Book, _now: datetime) -> list[list[object]]:
        """Nobody is told what lies ahead."""
        return []

    def _announce(self, book: Book, type_: str, activity: str, now: datetime) -> None:
        """Nobody is told of what is only replayed."""

    def _record(self, book: Book, told: Told, record: Record, now: datetime) -> Recorded:
        """Remember what a return may have to undo, and forget the rest."""
        self.memory.remember(book, told, record)
        book.put_off.clear()
        self.rows = Rows()
        return Recorded(
            told.id, book.member_id, told.kind, told.source, told.external_id, told.occurred_at,
            now, told.store, told.channel, told.net, told.gross, self.version.number, told.facts,
            record, told.fingerprint, told.about, told.counts_at,
        )  # fmt: skip


@dataclass(slots=True)
class Memory:
    """What was recorded of the members of a replay: the `Past` that undoing looks into.

    `undoable` are the members of whom something comes back: only of them is it remembered what
    their activities did.
    """

    rulebook: Rulebook
    tally: Tally
    budgets: dict[tuple[str, str], int]
    undoable: frozenset[UUID]
    now: datetime
    ids: count[int] = field(default_factory=lambda: count(1))
    posting_of_all: ReplayedPosting = field(init=False)
    _drawn: dict[UUID, tuple[Draw, ...]] = field(default_factory=dict)
    _lapsed: dict[UUID, dict[str, int]] = field(default_factory=dict)
    _steps: defaultdict[tuple[UUID, str], list[Step]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _gifts: defaultdict[tuple[UUID, str], list[Gift]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _away: dict[UUID, OpenLot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.posting_of_all = ReplayedPosting(Version(0, self.rulebook.program), self)

    def new_id(self) -> UUID:
        """An id that is greater than all before it, as those of the ledger are."""
        return UUID(int=next(self.ids))

    def transfer(self, book: Book, move: Move) -> UUID:
        """Count a transfer, and remember what it drew on where it may have to be put back."""
        transfer_id = self.new_id()
        self.tally.move(book.member_id, move)
        if book.member_id not in self.undoable:
            return transfer_id
        if move.credit is Place.REDEEMED:
            self._drawn[transfer_id] = move.draws
        elif move.credit is Place.EXPIRED:
            self._lapse(book, move)
        return transfer_id

    def _lapse(self, book: Book, move: Move) -> None:
        lots = {lot.id: lot for lot in book.lots[move.unit]}
        for draw in move.draws:
            earned_by = lots[draw.lot_id].activity_id
            if earned_by is not None:
                sums = self._lapsed.setdefault(earned_by, {})
                sums[move.unit] = sums.get(move.unit, 0) + draw.points

    def remember(self, book: Book, told: Told, record: Record) -> None:
        """Remember what an activity did to milestones, of whom something comes back."""
        if book.member_id in self.undoable and "m" in record:
            for advance in advances_of(record):
                step = step_of(told.id, record, advance)
                self._steps[book.member_id, advance.counter].insert(0, step)
        self._put_away(book)

    def _put_away(self, book: Book) -> None:
        """Keep empty lots out of the book, and those to which something may be put back at hand."""
        for unit, lots in book.lots.items():
            if len(lots) <= _LOTS_KEPT:
                continue
            if book.member_id in self.undoable:
                self._away.update((lot.id, lot) for lot in lots if not lot.left)
            book.lots[unit] = [lot for lot in lots if lot.left]

    def give(self, book: Book, milestone: str, gift: Gift) -> None:
        """Remember a reward that a milestone gave."""
        if book.member_id in self.undoable:
            self._gifts[book.member_id, milestone].append(gift)

    def posting(self, _book: Book) -> Posting:
        """What is posted to a member's book."""
        return self.posting_of_all

    async def drawn(self, book: Book, transfer_id: UUID) -> Sequence[Draw]:
        """What a transfer drew on; the lots are in the book then."""
        draws = self._drawn[transfer_id]
        for lots in book.lots.values():
            here = {lot.id for lot in lots}
            for draw in draws:
                away = self._away.get(draw.lot_id)
                if away is not None and draw.lot_id not in here and lots is book.lots[away.unit]:
                    lots.append(away)
        return draws

    async def lapsed(self, _book: Book, activity_id: UUID) -> Mapping[str, int]:
        """How many points of what an activity earned have expired, by unit."""
        return self._lapsed.get(activity_id, {})

    async def recall(self, _book: Book, activity_id: UUID, _due: Mapping[str, int]) -> Recalled:
        """Whoever was merged is the survivor here: nothing has to be brought back."""
        return Recalled(frozenset({activity_id}), {})

    async def read_progress(self, book: Book, counters: Iterable[str]) -> None:
        """All progress is in the book."""

    async def steps(self, book: Book, counter: str) -> Sequence[Step]:
        """What the member's activities did to what a counter counts, the newest first."""
        return tuple(self._steps[book.member_id, counter])

    async def read_limits(self, book: Book, keys: Sequence[LimitKey]) -> None:
        """All that was used of limits is in the book."""

    async def withdraw(self, book: Book, *, milestone: str, count: int) -> Sequence[Gift]:
        """Take back so many rewards that a milestone gave, the newest first."""
        gifts = self._gifts[book.member_id, milestone]
        withdrawn = [gifts.pop() for _ in range(min(count, len(gifts)))]
        for gift in withdrawn:
            self.tally.withdraw(book.member_id, gift.reward or "")
        return withdrawn


def at_once[T](work: Coroutine[Any, Any, T]) -> T:
    """Do work that waits for nothing: all it looks up is in memory."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("nothing in memory has to be waited for")
