"""The programs in force, at hand for every request without asking the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from fiel.ledger.scope import program_snapshot
from fiel.programs.versions import NoProgram, Published, Versions
from fiel.staff.keyring import Connect

SECONDS_TRUSTED = 2.0


@dataclass(slots=True)
class Shelf:
    """Remembers for a moment which version of a program is in force.

    What a request is decided by is read in its own transaction; this is for the language of the
    answer and the currency of the question. Of a sandbox it is the clock, too, so that nothing is
    trusted: somebody may have set it just now.
    """

    connect: Connect
    versions: Versions
    seconds: float = SECONDS_TRUSTED
    clock: Callable[[], float] = time.monotonic
    _known: dict[UUID, tuple[float, Published | None]] = field(default_factory=dict)

    async def in_force(self, program_id: UUID) -> Published | None:
        """The published version that decides now; None before the first."""
        known = self._known.get(program_id)
        if known is not None and known[0] > self.clock() and not _has_clock(known[1]):
            return known[1]
        published = await self._read(program_id)
        self._known[program_id] = (self.clock() + self.seconds, published)
        return published

    def forget(self, program_id: UUID) -> None:
        """Ask anew: the program was published just now."""
        self._known.pop(program_id, None)

    async def _read(self, program_id: UUID) -> Published | None:
        async with self.connect() as connection, program_snapshot(connection, program_id):
            try:
                return await self.versions.in_force(connection, program_id)
            except NoProgram:
                return None


def _has_clock(published: Published | None) -> bool:
    return published is not None and published.sandbox
