"""How pages reach the database; whoever starts the process opens the door."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from fiel.intake.recording import Recorder
from fiel.ledger.scope import Connection
from fiel.programs.versions import Versions
from fiel.staff.tills.shifts import Shifts

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns


class Database(Protocol):
    """A database that is up to date."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees one program at a time."""
        ...

    def posting(self) -> AbstractAsyncContextManager[Connection]:
        """A connection like that, planned for the statements of a posting."""
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


class _Doors:
    """What the pages of this process use."""

    database: Database | None = None
    recorder: Recorder | None = None
    shifts: Shifts | None = None
    versions = Versions()


def open_doors(
    database: Database, *, recorder: Recorder, versions: Versions, shifts: Shifts | None = None
) -> None:
    """Let the pages of this process use a database, and record as the API does."""
    _Doors.database = database
    _Doors.recorder = recorder
    _Doors.versions = versions
    _Doors.shifts = shifts


def database() -> Database:
    """The database that the pages use."""
    assert _Doors.database is not None, "the process opens it before it serves"
    return _Doors.database


def recorder() -> Recorder:
    """What records sales and activities, in groups with those of the API."""
    assert _Doors.recorder is not None, "the process opens it before it serves"
    return _Doors.recorder


def shifts() -> Shifts:
    """What marks who stands at which till, as the API reads it."""
    assert _Doors.shifts is not None, "the process opens it before it serves"
    return _Doors.shifts


def versions() -> Versions:
    """The program versions that the pages have read."""
    return _Doors.versions
