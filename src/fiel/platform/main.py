"""The `fiel` command: the command line over the house that the platform puts together."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fiel.cli.main import run
from fiel.cli.session import chosen_language
from fiel.platform.backup import back_up, restore
from fiel.platform.database import Database, database_url, open_database
from fiel.platform.unavailable import progress_in


class House:
    """What the commands work with, over the real database and the real server."""

    @asynccontextmanager
    async def open_database(self) -> AsyncIterator[Database]:
        """Find the database of a running server, or start it for this command's time."""
        async with open_database(progress=progress_in(_language())) as database:
            yield database

    def held_database(self) -> AbstractContextManager[object]:
        """Keep the database up from one part of a command to the next."""
        return database_url(progress=progress_in(_language()))

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """Serve everything until the process is told to stop."""
        from fiel.platform.serving import serve  # noqa: PLC0415  # uvicorn, for who serves

        serve(host=host, port=port, workers=workers, language=_language())

    def hashed(self, password: str, *, email: str) -> str:
        """What is kept of a password, once it was found good enough for an account."""
        from fiel.platform.passwords import hashed  # noqa: PLC0415  # Django, for who needs it

        return hashed(password, email=email, language=_language())

    def back_up(self, file: Path) -> Mapping[str, Any]:
        """Write everything into a file; what is in it."""
        with database_url(progress=progress_in(_language())) as url:
            return back_up(url, file)

    def restore(self, file: Path, *, replace: bool) -> Mapping[str, Any]:
        """Put a backup in place of what there is; what was in it."""
        with database_url(progress=progress_in(_language())) as url:
            return restore(url, file, replace=replace)

    def now(self) -> datetime:
        """The time on the wall."""
        return datetime.now(UTC)


def _language() -> str:
    """The language of this process's command line."""
    return chosen_language(sys.argv[1:])


def main() -> int:
    """Run the command line of this process."""
    return run(House(), sys.argv[1:])
