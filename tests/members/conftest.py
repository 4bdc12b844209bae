"""A club without a server: the Café Sol's program, and members made by the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from fiel.domain.document import read_document
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Club:
    """A program in force, and who joined it."""

    database: Database
    program_id: UUID
    versions: Versions

    async def enrols(self, name: str, **told: Any) -> UUID:
        """Enrol somebody; the member's id."""
        person = Person(name=name, **told)
        enrolment = Enrolment(new_id(), person, name.encode(), NOON)
        enrolled = await enrol_member(
            self.database.posting, self.versions, self.program_id, enrolment
        )
        return enrolled.member.id


async def club_of(database: Database, source: str = CAFE_SOL) -> Club:
    """Publish a program."""
    document = read_document(source)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=False, now=NOON)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await publish(
            connection, program_id, document, source=source, format="yaml", author="tests",
            now=NOON,
        )  # fmt: skip
    return Club(database, program_id, Versions())


@pytest.fixture
async def club(database: Database) -> Club:
    """The Café Sol's club."""
    return await club_of(database)
