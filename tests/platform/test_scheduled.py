"""The calendar makes publications that waited: first versions too, and by a sandbox's own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fiel.domain.document import read_document
from fiel.intake.clock import move_clock
from fiel.ledger.scope import program_transaction
from fiel.platform.calendar import run_calendars
from fiel.platform.database import Database
from fiel.programs.drafts import Draft, save_draft
from fiel.programs.known import known_programs
from fiel.programs.publishing import open_program, publish
from fiel.programs.scheduling import schedule_publication
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


async def opened(database: Database, *, sandbox: bool = False) -> UUID:
    async with database.owner() as owner, owner.transaction():
        return await open_program(owner, read_document(CAFE_SOL), sandbox=sandbox, now=NOW)


async def schedules(database: Database, program_id: UUID, *, source: str, at: datetime) -> None:
    draft = Draft(source, "yaml", "Ana", NOW)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await save_draft(connection, program_id, draft)
        await schedule_publication(connection, program_id, draft, at=at, author="Ana", now=NOW)


async def version(database: Database) -> int | None:
    async with database.owner() as owner:
        (program,) = await known_programs(owner)
    return program.version


async def test_a_first_version_waits_too(database: Database) -> None:
    program_id = await opened(database)
    await schedules(database, program_id, source=CAFE_SOL, at=TOMORROW)

    await run_calendars(database, Versions(), TOMORROW - timedelta(minutes=1))
    assert await version(database) is None
    await run_calendars(database, Versions(), TOMORROW)
    assert await version(database) == 1


async def test_what_the_calendar_published_stands_in_the_audit_trail(database: Database) -> None:
    program_id = await opened(database)
    await schedules(database, program_id, source=CAFE_SOL, at=TOMORROW)
    await run_calendars(database, Versions(), TOMORROW)

    async with database.connection() as connection, program_transaction(connection, program_id):
        rows = await (
            await connection.execute("SELECT actor, action, about FROM audit_entry")
        ).fetchall()
    assert rows == [("Ana", "program.published", "version:1")]


async def test_a_sandbox_publishes_by_its_own_clock(database: Database) -> None:
    program_id = await opened(database, sandbox=True)
    async with database.connection() as connection, program_transaction(connection, program_id):
        document = read_document(CAFE_SOL)
        await publish(connection, program_id, document, source=CAFE_SOL, format="yaml",
                      author="Ana", now=NOW)  # fmt: skip
    renamed = CAFE_SOL.replace("name: Café Sol", "name: Café Sol doble")
    await schedules(database, program_id, source=renamed, at=TOMORROW)
    versions = Versions()

    async def moves(to: datetime) -> int | None:
        async with database.connection() as connection, program_transaction(connection, program_id):
            published = await versions.in_force(connection, program_id)
        await move_clock(database.posting, versions, published, to, wall=NOW)
        return await version(database)

    assert await moves(NOW + timedelta(hours=1)) == 1
    assert await moves(NOW + timedelta(days=30)) == 2
    async with database.connection() as connection, program_transaction(connection, program_id):
        rows = await (
            await connection.execute("SELECT max(published_at) FROM program_version")
        ).fetchall()
    assert rows == [(TOMORROW,)]  # at its moment, and not when time had gone on
