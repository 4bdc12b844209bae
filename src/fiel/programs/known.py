"""Which programs there are; read by an owner's connection, which sees all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.ledger.scope import Connection

ALL: LiteralString = (
    "SELECT id, slug, name, sandbox, version, created_at FROM program ORDER BY slug"
)


@dataclass(frozen=True, slots=True)
class KnownProgram:
    """A program as a list tells of it; `version` None means never published."""

    id: UUID
    slug: str
    name: str
    sandbox: bool
    version: int | None
    created_at: datetime


class NoSuchProgram(NotFound):
    """No program has this slug."""


class WhichProgram(NotFound):
    """There are several programs, and none was named."""

    code = "program_needed"


async def known_programs(connection: Connection) -> list[KnownProgram]:
    """All programs, by slug."""
    rows = await (await connection.execute(ALL)).fetchall()
    return [
        KnownProgram(
            cast(UUID, row[0]),
            cast(str, row[1]),
            cast(str, row[2]),
            cast(bool, row[3]),
            cast("int | None", row[4]),
            cast(datetime, row[5]),
        )
        for row in rows
    ]


async def program_named(connection: Connection, slug: str | None) -> KnownProgram:
    """The program of that slug; without one, the only program there is.

    Raises:
        NoSuchProgram: no program has the slug, or there is none at all.
        WhichProgram: there are several, and none was named.
    """
    programs = await known_programs(connection)
    if not programs:
        raise NoSuchProgram(N_("There is no program yet. Make one with “fiel program apply FILE”."))
    slugs = ", ".join(program.slug for program in programs)
    if slug is None:
        if len(programs) > 1:
            raise WhichProgram(
                N_("Say which program with --program. There are: {slugs}."), slugs=slugs
            )
        return programs[0]
    for program in programs:
        if program.slug == slug:
            return program
    raise NoSuchProgram(
        N_("There is no program {slug}. There are: {slugs}."), slug=slug, slugs=slugs
    )
