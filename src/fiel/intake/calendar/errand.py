"""What whoever goes through a program's calendar is given, and what can be due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from fiel.intake.recording import Lend
from fiel.programs.versions import Published, Versions


@dataclass(frozen=True, slots=True)
class Errand:
    """One going through a program's calendar: everything that fell due up to a moment.

    `since` is where a program begins whose calendar nobody went through before. Whoever `waits`
    comes back only when all of it is done, and not when somebody else is at it.
    """

    lend: Lend
    versions: Versions
    published: Published
    until: datetime
    since: datetime
    waits: bool = False

    @property
    def program_id(self) -> UUID:
        """Whose calendar it is."""
        return self.published.program_id

    @property
    def today(self) -> date:
        """The day that it is in the program's zone."""
        return self.day_of(self.until)

    def day_of(self, moment: datetime) -> date:
        """The day that a moment is on in the program's zone."""
        return moment.astimezone(self.published.program.timezone).date()


class Due(Protocol):
    """Something that falls due."""

    async def run(self, errand: Errand) -> int:
        """Do what fell due up to the errand's moment; how much that was."""
        ...

    async def next_at(self, errand: Errand) -> datetime | None:
        """When something falls due next after the errand's moment; None for never."""
        ...
