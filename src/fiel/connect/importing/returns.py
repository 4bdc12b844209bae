"""Returns from a file: each finds its sale by its name, or waits for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.connect.importing.contents import Record
from fiel.connect.importing.reading import read_return
from fiel.connect.importing.run import Verdict
from fiel.domain.refusal import Refusal
from fiel.intake.parking import return_named
from fiel.intake.recording import Lend
from fiel.ledger.ids import new_id
from fiel.programs.versions import Versions


@dataclass(frozen=True, slots=True)
class ReturnsRoad:
    """Returns: read as at every door, and applied one after the other.

    One whose sale is not there is accepted, and applied when the sale comes.
    """

    lend: Lend
    versions: Versions
    program_id: UUID
    now: Callable[[], datetime]

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        """Take a batch of returns, in its order."""
        return [await self._take(record) for record in batch]

    async def _take(self, record: Record) -> Verdict | Refusal:
        try:
            done = await return_named(
                self.lend,
                self.versions,
                self.program_id,
                read_return(record.content),
                request_id=new_id(),
                now=self.now(),
            )
        except Refusal as refusal:
            return refusal
        return Verdict.REPEATED if done.repeated else Verdict.ACCEPTED
