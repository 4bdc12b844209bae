"""How pages reach the database; whoever starts the process opens the door."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fiel.ledger.scope import Connection
from fiel.programs.versions import Versions


class Database(Protocol):
    """A database that is up to date."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees one program at a time."""
        ...

    def owner(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees every program."""
        ...


class _Doors:
    """What the pages of this process use."""

    database: Database | None = None
    versions = Versions()


def open_doors(database: Database) -> None:
    """Let the pages of this process use a database."""
    _Doors.database = database


def database() -> Database:
    """The database that the pages use."""
    assert _Doors.database is not None, "the process opens it before it serves"
    return _Doors.database


def versions() -> Versions:
    """The program versions that the pages have read."""
    return _Doors.versions
