"""What all hands of an import have answered, kept in the database as it grows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from fiel.connect.importing.refused import RefusedReport
from fiel.connect.importing.runs import Figures, Run, State, keep_run
from fiel.connect.stopping import to_its_end
from fiel.ledger.scope import Connection

_SECONDS_BETWEEN_NOTES = 1.0


@dataclass(slots=True)
class Keeper:
    """Adds up what hands tell, and notes it now and then."""

    run: Run
    report: RefusedReport
    lend: Callable[[], AbstractAsyncContextManager[Connection]]
    now: Callable[[], datetime]
    progress: Callable[[Figures, float], None]
    hands: int = 1
    _told: dict[int, tuple[Figures, float]] = field(default_factory=dict)

    def hear(self, hand: int, figures: Figures, share_read: float) -> None:
        """A hand tells how far it is."""
        self._told[hand] = (figures, share_read)
        read = sum(share for _, share in self._told.values()) / self.hands
        self.progress(self.figures, read)

    @property
    def figures(self) -> Figures:
        """How far the import is, with what an earlier reading had answered."""
        before, told = self.run.figures, [figures for figures, _ in self._told.values()]
        # Rows from the beginning are done when they are for every hand.
        done = min(one.rows_done for one in told) if len(told) == self.hands else before.rows_done
        return Figures(
            done,
            before.accepted + sum(one.accepted for one in told),
            before.repeated + sum(one.repeated for one in told),
            before.refused + sum(one.refused for one in told),
        )

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Note how far the import is while it runs, and how it ended.

        When it is stopped, what is answered so far is kept, and the same import goes on from
        there.
        """
        notes = asyncio.create_task(self._note_now_and_then())
        state = State.STOPPED
        try:
            yield
            state = State.DONE
        finally:
            notes.cancel()
            with suppress(asyncio.CancelledError):
                await notes
            await to_its_end(self._keep(state))
            self.report.close()

    async def _note_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_NOTES)
            await to_its_end(self._keep(State.RUNNING))

    async def _keep(self, state: State) -> None:
        self.report.flush()
        async with self.lend() as connection:
            await keep_run(connection, self.run, self.figures, state, self.now())
