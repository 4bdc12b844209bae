"""What the commands work with; the platform, which starts them, provides it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from fiel.ledger.scope import Connection

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from fiel.insights.columns.opening import Columns


class Database(Protocol):
    """A database that is up to date."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees one program at a time."""
        ...

    def posting(self) -> AbstractAsyncContextManager[Connection]:
        """A connection like `connection`, planned for the statements of a posting."""
        ...

    def owner(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees every program."""
        ...

    def open_columns(self, program_id: UUID) -> AbstractAsyncContextManager[Columns]:
        """The columnar copy of a program, brought up to date first."""
        ...

    def columns_folder(self) -> Path:
        """Where the columnar copies of all programs lie."""
        ...


class House(Protocol):
    """What is below the commands, put together."""

    def open_database(self) -> AbstractAsyncContextManager[Database]:
        """Find the database of a running server, or start it for this command's time."""
        ...

    def held_database(self) -> AbstractContextManager[object]:
        """Keep the database up from one part of a command to the next."""
        ...

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """Serve everything until the process is told to stop."""
        ...

    def hashed(self, password: str, *, email: str) -> str:
        """What is kept of a password, once it was found good enough for an account."""
        ...

    def back_up(self, file: Path) -> Mapping[str, Any]:
        """Write everything into a file; what is in it."""
        ...

    def restore(self, file: Path, *, replace: bool) -> Mapping[str, Any]:
        """Put a backup in place of what there is; what was in it."""
        ...

    def now(self) -> datetime:
        """The time on the wall."""
        ...
