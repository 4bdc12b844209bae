"""One hand of an import: read the file, and have the records of its share judged."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol
from zlib import crc32

from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record, records
from fiel.connect.importing.mapping import Reading
from fiel.connect.importing.refused import Reason
from fiel.connect.importing.runs import Figures
from fiel.connect.stopping import to_its_end
from fiel.domain.refusal import Refusal

BATCH = 1000
_LANES = 2
_BATCHES_WAITING = 2


class Verdict(Enum):
    """What became of a record that was not refused."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"


class Road(Protocol):
    """What a kind of record goes through."""

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Judge and record a batch, in its order; each record has its own answer."""
        ...


def in_one_hand(kind: Kind) -> bool:
    """Whether a file's records go one after the other: of two members with a phone, the first."""
    return kind is Kind.MEMBERS


@dataclass(frozen=True, slots=True)
class Share:
    """Which records are a hand's: those of the members that fall to it."""

    index: int = 0
    count: int = 1


@dataclass(slots=True)
class _Lane:
    """Records of the same members go one after the other in one lane.

    `waiting` holds the number of rows up to each record that has no answer yet.
    """

    queue: asyncio.Queue[list[Record] | None]
    buffer: list[Record] = field(default_factory=list)
    waiting: deque[int] = field(default_factory=deque)


@dataclass(slots=True)
class Hand:
    """Reads a file and takes its share of the records down the road.

    Rows that were answered before (`rows_done`) are passed over. `tell` hears how far this hand
    is, and how much of the file is read; `refuse` hears what was refused.
    """

    reading: Reading
    road: Road
    share: Share
    rows_done: int
    tell: Callable[[Figures, float], None]
    refuse: Callable[[Record, Reason], None]
    figures: Figures = field(default_factory=Figures)
    _rows_read: int = 0
    _lanes: list[_Lane] = field(default_factory=list)

    async def finish(self) -> None:
        """Read the file to its end; when stopped before, what is under way gets its answer."""
        self._lanes = [_Lane(asyncio.Queue(_BATCHES_WAITING)) for _ in range(_LANES)]
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in self._lanes:
                    tasks.create_task(self._work(lane))
                await self._read_all()
        except ExceptionGroup as group:
            # What stopped one lane stopped the other: one of them tells it.
            raise group.exceptions[0] from None
        self._answered(0, 0, 0)

    async def _read_all(self) -> None:
        for record in records(self.reading):
            before = self._rows_read
            self._rows_read += record.rows
            if before < self.rows_done:
                continue
            number = 0 if in_one_hand(self.reading.kind) else _number(record)
            if number % self.share.count != self.share.index:
                continue
            lane = self._lanes[number // self.share.count % _LANES]
            lane.waiting.append(before)
            lane.buffer.append(record)
            if len(lane.buffer) >= BATCH:
                batch, lane.buffer = lane.buffer, []
                await lane.queue.put(batch)
        for lane in self._lanes:
            if lane.buffer:
                await lane.queue.put(lane.buffer)
            await lane.queue.put(None)

    async def _work(self, lane: _Lane) -> None:
        while (batch := await lane.queue.get()) is not None:
            await to_its_end(self._answer(lane, batch))

    async def _answer(self, lane: _Lane, batch: list[Record]) -> None:
        readable = [record for record in batch if not record.problems]
        verdicts = iter(await self.road.take(readable)) if readable else iter(())
        counts = {Verdict.ACCEPTED: 0, Verdict.REPEATED: 0}
        refused = 0
        for record in batch:
            reason: Verdict | Reason = record.problems or next(verdicts)
            if isinstance(reason, Verdict):
                counts[reason] += 1
            else:
                refused += 1
                self.refuse(record, reason)
        for _ in batch:
            lane.waiting.popleft()
        self._answered(counts[Verdict.ACCEPTED], counts[Verdict.REPEATED], refused)

    def _answered(self, accepted: int, repeated: int, refused: int) -> None:
        """Tell how many rows from the beginning all have their answer, as far as this hand goes."""
        unanswered = [lane.waiting[0] for lane in self._lanes if lane.waiting]
        figures = self.figures
        self.figures = Figures(
            max(min(unanswered, default=self._rows_read), self.rows_done),
            figures.accepted + accepted,
            figures.repeated + repeated,
            figures.refused + refused,
        )
        self.tell(self.figures, self.reading.table.share_read())


def _number(record: Record) -> int:
    """A number that is the same for all records of a member, and for all returns of a sale.

    Without either it is the record's own.
    """
    content = record.content
    named = content.get("member") or content.get("sale_external_id") or content.get("external_id")
    return crc32(repr(named or "").encode("utf-8", "surrogatepass"))
