"""Published versions: immutable, numbered, and the one in force kept ready to decide."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.deciding import Rulebook
from fiel.domain.document import read_program
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import NotFound
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip

# Parsed versions kept in a process; a program rarely decides by more than a few of its own.
_VERSIONS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a program, ready to decide with.

    `clock_at` is the time of a sandbox whose clock was set.
    """

    program_id: UUID
    number: int
    shards: int
    sandbox: bool
    program: Program
    rulebook: Rulebook
    clock_at: datetime | None = None

    def now(self, wall: datetime) -> datetime:
        """The time by which this program lives, given the time on the wall."""
        return wall if self.clock_at is None else self.clock_at


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """What a list of versions tells of one."""

    number: int
    author: str
    published_at: datetime
    difference: list[dict[str, Any]]


IN_FORCE = numbered(
    "version_in_force",
    "SELECT version, shards, sandbox, clock_at FROM program WHERE id = %(program)s",
)
DOCUMENT: LiteralString = (
    "SELECT document, format FROM program_version WHERE program_id = %s AND number = %s"
)


class NoProgram(NotFound):
    """There is no such program, or it was never published."""


@dataclass(frozen=True, slots=True)
class AskedVersion:
    """The version in force, asked for by a trip; read once it is over."""

    versions: Versions
    connection: Connection
    trip: Trip
    program_id: UUID
    asked: int

    async def read(self) -> Published:
        """The version in force.

        Raises:
            NoProgram: there is no such program, or it was never published.
        """
        rows = self.trip.rows(self.asked)
        if not rows or rows[0][0] is None:
            raise NoProgram(N_("This program has not been published."))
        return await self.versions.numbered(self.connection, self.program_id, *rows[0])


class Versions:
    """The versions that this process has read, so that a document is parsed once."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[UUID, int], tuple[Program, Rulebook]] = OrderedDict()

    async def in_force(self, connection: Connection, program_id: UUID) -> Published:
        """The version that decides now; `connection` is inside the program's transaction.

        Raises:
            NoProgram: there is no such program, or it was never published.
        """
        trip = Trip(connection)
        asked = self.ask_in_force(connection, trip, program_id)
        await trip.go()
        return await asked.read()

    def ask_in_force(self, connection: Connection, trip: Trip, program_id: UUID) -> AskedVersion:
        """Ask for the version that decides now."""
        asked = trip.ask(IN_FORCE, {"program": str(program_id)})
        return AskedVersion(self, connection, trip, program_id, asked)

    async def numbered(
        self,
        connection: Connection,
        program_id: UUID,
        number: int,
        shards: int,
        sandbox: bool,
        clock_at: datetime | None = None,
    ) -> Published:
        """One version of a program, read once and kept."""
        key = (program_id, number)
        found = self._read.get(key)
        if found is None:
            found = await self._load(connection, program_id, number)
            self._read[key] = found
            if len(self._read) > _VERSIONS_KEPT:
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(key)
        return Published(program_id, number, shards, sandbox, *found, clock_at)

    async def _load(
        self, connection: Connection, program_id: UUID, number: int
    ) -> tuple[Program, Rulebook]:
        async with program_transaction(connection, program_id):
            row = await (await connection.execute(DOCUMENT, [program_id, number])).fetchone()
        if row is None:
            raise NoProgram(N_("This program has no version {number}."), number=number)
        document, format_ = row
        program = read_program(str(document), format=str(format_))
        return program, Rulebook.of(program)
