"""The past: what undoing looks up of what was recorded, and whose books it works on.

At a desk it is in the database; whoever replays a history has it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from fiel.domain.deciding import Rulebook
from fiel.domain.lots import Draw
from fiel.domain.member import LimitKey
from fiel.intake.desk import Desk
from fiel.intake.following import Recalled, recall
from fiel.ledger.books import Book
from fiel.ledger.milestone_steps import Step, steps_of
from fiel.ledger.opening import read_limits
from fiel.ledger.posting import Posting
from fiel.ledger.progress import read_progress
from fiel.rewards.granting import withdraw


@dataclass(frozen=True, slots=True)
class Gift:
    """A reward that a milestone gave, and what of a unit was handed in for it."""

    id: UUID
    reward: str | None
    spent: Mapping[str, int]
    transfers: Mapping[str, UUID]


class Past(Protocol):
    """What was recorded of the members whose books are open."""

    @property
    def rulebook(self) -> Rulebook:
        """The program in force."""
        ...

    @property
    def now(self) -> datetime:
        """The moment of the work."""
        ...

    def posting(self, book: Book) -> Posting:
        """What is posted to a member's book."""
        ...

    async def drawn(self, book: Book, transfer_id: UUID) -> Sequence[Draw]:
        """What a transfer drew on, in the order in which it did; the lots are in the book then."""
        ...

    async def lapsed(self, book: Book, activity_id: UUID) -> Mapping[str, int]:
        """How many points of what an activity earned have expired, by unit."""
        ...

    async def recall(self, book: Book, activity_id: UUID, due: Mapping[str, int]) -> Recalled:
        """Bring back what a survivor has of the points that are due."""
        ...

    async def read_progress(self, book: Book, counters: Iterable[str]) -> None:
        """Put into the book how far the member is with what these count."""
        ...

    async def steps(self, book: Book, counter: str) -> Sequence[Step]:
        """What the member's activities did to what a counter counts, the newest first."""
        ...

    async def read_limits(self, book: Book, keys: Sequence[LimitKey]) -> None:
        """Put into the book what was used of limits."""
        ...

    async def withdraw(self, book: Book, *, milestone: str, count: int) -> Sequence[Gift]:
        """Take back so many rewards that a milestone gave, of those that were not used."""
        ...


@dataclass(frozen=True, slots=True)
class PastOfDesk:
    """The past as the database has it."""

    desk: Desk

    @property
    def rulebook(self) -> Rulebook:
        """The program in force."""
        return self.desk.published.rulebook

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        return self.desk.now

    def posting(self, book: Book) -> Posting:
        """What is posted to the shard of a member."""
        return self.desk.posting(book)

    async def drawn(self, book: Book, transfer_id: UUID) -> Sequence[Draw]:
        """What a transfer drew on."""
        return await self.desk.drawn(book, transfer_id)

    async def lapsed(self, book: Book, activity_id: UUID) -> Mapping[str, int]:
        """What expired of what an activity earned."""
        return await self.desk.lapsed(book, activity_id)

    async def recall(self, book: Book, activity_id: UUID, due: Mapping[str, int]) -> Recalled:
        """Bring back what a survivor has of the points that are due."""
        return await recall(self.desk, book, activity_id, due)

    async def read_progress(self, book: Book, counters: Iterable[str]) -> None:
        """Read how far the member is."""
        await read_progress(self.desk.connection, self.desk.place(book), book, counters)

    async def steps(self, book: Book, counter: str) -> Sequence[Step]:
        """Read what the member's activities did."""
        desk = self.desk
        return await steps_of(desk.connection, desk.place(book), book.member_id, counter)

    async def read_limits(self, book: Book, keys: Sequence[LimitKey]) -> None:
        """Read what was used of limits."""
        await read_limits(self.desk.connection, self.desk.place(book), book, keys)

    async def withdraw(self, book: Book, *, milestone: str, count: int) -> Sequence[Gift]:
        """Withdraw rewards that were granted, with their codes."""
        desk = self.desk
        withdrawn = await withdraw(
            desk.connection,
            desk.place(book),
            book.member_id,
            milestone=milestone,
            count=count,
            now=desk.now,
        )
        for write in withdrawn.writes:
            desk.after(write)
        return [
            Gift(each.id, each.reward, each.spent, each.transfers) for each in withdrawn.redemptions
        ]
