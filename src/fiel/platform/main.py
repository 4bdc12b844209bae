"""The `fiel` command: the command line over the house that the platform puts together."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

from fiel.cli.main import run
from fiel.cli.session import chosen_language
from fiel.domain.program import Program
from fiel.platform.database import Database, open_database
from fiel.platform.unavailable import progress_in

if TYPE_CHECKING:
    from fiel.api.bodies.sales import SaleBody
    from fiel.connect.importing.roads import MemberContent


class House:
    """What the commands work with, over the real database and the real server."""

    @asynccontextmanager
    async def open_database(self) -> AsyncIterator[Database]:
        """Find the database of a running server, or start it for this command's time."""
        async with open_database(progress=progress_in(_language())) as database:
            yield database

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """Serve everything until the process is told to stop."""
        from fiel.platform.serving import serve  # noqa: PLC0415  # uvicorn, for who serves

        serve(host=host, port=port, workers=workers, language=_language())

    def now(self) -> datetime:
        """The time on the wall."""
        return datetime.now(UTC)

    def read_sale(self, content: Mapping[str, object]) -> SaleBody:
        """Read a sale's content as the API reads it; raises `Invalid`."""
        read: SaleBody = self._contents.read_sale(content)
        return read

    def read_member(
        self, content: Mapping[str, object], program: Program, now: datetime
    ) -> MemberContent:
        """Read a member's content as the API reads it; raises `Invalid`."""
        read: MemberContent = self._contents.read_member(content, program, now)
        return read

    @cached_property
    def _contents(self) -> ModuleType:
        # Loaded for who imports: the API's models take longer than most commands run.
        from fiel.platform import contents  # noqa: PLC0415

        return contents


def _language() -> str:
    """The language of this process's command line."""
    return chosen_language(sys.argv[1:])


def main() -> int:
    """Run the command line of this process."""
    return run(House(), sys.argv[1:])
