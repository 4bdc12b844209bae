"""Run an import: read, let each record be judged, keep how far it is, report what was refused."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol
from zlib import crc32

from fiel.connect.importing.contents import Record, records
from fiel.connect.importing.mapping import Reading
from fiel.connect.importing.refused import Reason, RefusedReport
from fiel.connect.importing.runs import Run, State, keep_run
from fiel.connect.stopping import to_its_end
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection

BATCH = 1000
_LANES = 2
_BATCHES_WAITING = 2
_SECONDS_BETWEEN_NOTES = 1.0


class Verdict(Enum):
    """What became of a record that was not refused."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"


class Road(Protocol):
    """What a kind of record goes through."""

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Judge and record a batch, in its order; each record has its own answer."""
        ...


@dataclass(slots=True)
class _Lane:
    """Records of the same members go one after the other in one lane.

    `waiting` holds the number of rows up to each record that has no answer yet.
    """

    queue: asyncio.Queue[list[Record] | None]
    buffer: list[Record] = field(default_factory=list)
    waiting: deque[int] = field(default_factory=deque)


@dataclass(slots=True)
class Import:
    """One run of an import."""

    reading: Reading
    road: Road
    run: Run
    report: RefusedReport
    lend: Callable[[], AbstractAsyncContextManager[Connection]]
    now: Callable[[], datetime]
    progress: Callable[[Run, float], None]
    _rows_read: int = 0
    _lanes: list[_Lane] = field(default_factory=list)

    async def finish(self) -> Run:
        """Read the file to its end.

        When it is stopped before, what is answered so far is kept, and the same import goes on
        from there.
        """
        self._rows_read = self.run.rows_done
        state = State.STOPPED
        try:
            await self._read_all()
            state = State.DONE
        except ExceptionGroup as group:
            # What stopped one lane stopped the other: one of them tells it.
            raise group.exceptions[0] from None
        finally:
            await to_its_end(self._keep(state))
            self.report.close()
        return self.run

    async def _read_all(self) -> None:
        self._lanes = [_Lane(asyncio.Queue(_BATCHES_WAITING)) for _ in range(_LANES)]
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes:
                tasks.create_task(self._work(lane))
            notes = tasks.create_task(self._note_now_and_then())
            for record in self._left_to_read():
                await self._queue(record)
            for lane in self._lanes:
                if lane.buffer:
                    await lane.queue.put(lane.buffer)
                await lane.queue.put(None)
            for lane in self._lanes:
                await lane.queue.join()
            notes.cancel()

    def _left_to_read(self) -> Iterator[Record]:
        """The records after those that an earlier run has answered."""
        skipped = self.run.rows_done
        for record in records(self.reading):
            if skipped > 0:
                skipped -= record.rows
                continue
            yield record

    async def _queue(self, record: Record) -> None:
        self._rows_read += record.rows
        lane = self._lanes[_lane_of(record)]
        lane.waiting.append(self._rows_read - record.rows)
        lane.buffer.append(record)
        if len(lane.buffer) >= BATCH:
            batch, lane.buffer = lane.buffer, []
            await lane.queue.put(batch)

    async def _work(self, lane: _Lane) -> None:
        while (batch := await lane.queue.get()) is not None:
            await to_its_end(self._answer(lane, batch))
            lane.queue.task_done()
        lane.queue.task_done()

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
                self.report.add(record, reason)
        for _ in batch:
            lane.waiting.popleft()
        self.run = self.run.further(
            rows_done=self._rows_answered(),
            accepted=self.run.accepted + counts[Verdict.ACCEPTED],
            repeated=self.run.repeated + counts[Verdict.REPEATED],
            refused=self.run.refused + refused,
        )
        self.progress(self.run, self.reading.table.share_read())

    def _rows_answered(self) -> int:
        """How many rows from the beginning all have their answer."""
        unanswered = [lane.waiting[0] for lane in self._lanes if lane.waiting]
        return min(unanswered, default=self._rows_read)

    async def _note_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_NOTES)
            await to_its_end(self._keep(State.RUNNING))

    async def _keep(self, state: State) -> None:
        self.report.flush()
        async with self.lend() as connection:
            await keep_run(connection, self.run, state, self.now())


def _lane_of(record: Record) -> int:
    """The lane of a record's member; without a member, of its own name."""
    named = record.content.get("member") or record.content.get("external_id") or ""
    return crc32(repr(named).encode("utf-8", "surrogatepass")) % _LANES
