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
from fiel.ledger.scope import Connection

# Parsed versions kept in a process; a program rarely decides by more than a few of its own.
_VERSIONS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a program, ready to decide with."""

    program_id: UUID
    number: int
    shards: int
    sandbox: bool
    program: Program
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """What a list of versions tells of one."""

    number: int
    author: str
    published_at: datetime
    difference: list[dict[str, Any]]


IN_FORCE: LiteralString = "SELECT version, shards, sandbox FROM program WHERE id = %s"
DOCUMENT: LiteralString = (
    "SELECT document, format FROM program_version WHERE program_id = %s AND number = %s"
)


class NoProgram(NotFound):
    """There is no such program, or it was never published."""


class Versions:
    """The versions that this process has read, so that a document is parsed once."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[UUID, int], tuple[Program, Rulebook]] = OrderedDict()

    async def in_force(self, connection: Connection, program_id: UUID) -> Published:
        """The version that decides now; `connection` is inside the program's transaction.

        Raises:
            NoProgram: there is no such program, or it was never published.
        """
        row = await (await connection.execute(IN_FORCE, [program_id])).fetchone()
        if row is None or row[0] is None:
            raise NoProgram(N_("This program has not been published."))
        return await self.numbered(connection, program_id, *row)

    async def numbered(
        self, connection: Connection, program_id: UUID, number: int, shards: int, sandbox: bool
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
        return Published(program_id, number, shards, sandbox, *found)

    async def _load(
        self, connection: Connection, program_id: UUID, number: int
    ) -> tuple[Program, Rulebook]:
        row = await (await connection.execute(DOCUMENT, [program_id, number])).fetchone()
        if row is None:
            raise NoProgram(N_("This program has no version {number}."), number=number)
        document, format_ = row
        program = read_program(str(document), format=str(format_))
        return program, Rulebook.of(program)
