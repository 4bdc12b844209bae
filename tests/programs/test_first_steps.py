"""A program begins with answers: a draft at once, and sales without rules if they are wanted."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fiel.domain.document import read_program
from fiel.domain.refusal import Invalid
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.drafts import draft_of_program
from fiel.programs.first_steps import (
    begin_program,
    keep_answers,
    record_sales_only,
    start_of_program,
)
from fiel.programs.known import known_programs
from fiel.programs.queries import document_in_force
from fiel.programs.versions import NoProgram

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOLD = {
    "model": "points", "name": "Café Sol", "sells": "coffee", "ticket": "4.50", "margin": "65",
    "visits": "weekly", "aim": "retention", "currency": "EUR", "timezone": "Europe/Madrid",
    "language": "es",
}  # fmt: skip


async def begins(database: Database, **told: str) -> tuple[UUID, str]:
    async with database.owner() as owner:
        return await begin_program(owner, {**TOLD, **told}, author="Ana", now=NOW)


async def test_a_program_begins_with_a_draft_and_no_version(database: Database) -> None:
    program_id, slug = await begins(database)

    async with database.connection() as connection, program_transaction(connection, program_id):
        draft = await draft_of_program(connection, program_id)
        start = await start_of_program(connection, program_id)
        with pytest.raises(NoProgram):
            await document_in_force(connection, program_id)
    assert draft is not None
    assert read_program(draft.source).slug == slug == "cafe-sol"
    assert start is not None
    assert (start.answers.model, start.quiet_version) == ("points", None)


async def test_a_name_that_is_taken_makes_another_program(database: Database) -> None:
    """A newcomer never comes into a program that is somebody else's."""
    first, second = await begins(database), await begins(database)

    assert [slug for _, slug in (first, second)] == ["cafe-sol", "cafe-sol-2"]
    assert first[0] != second[0]
    async with database.owner() as owner:
        assert {known.slug for known in await known_programs(owner)} == {"cafe-sol", "cafe-sol-2"}


async def test_sales_are_recorded_before_the_program_by_a_version_without_rules(
    database: Database,
) -> None:
    program_id, _ = await begins(database)

    async with database.connection() as connection, program_transaction(connection, program_id):
        for _ in range(2):  # again changes nothing
            start = await start_of_program(connection, program_id)
            assert start is not None
            await record_sales_only(connection, program_id, start, author="Ana", now=NOW)
        start = await start_of_program(connection, program_id)
        found = await document_in_force(connection, program_id)
    assert start is not None
    assert (found.number, start.quiet_version) == (1, 1)
    assert read_program(found.source).earn == ()


async def test_other_answers_make_another_draft(database: Database) -> None:
    program_id, slug = await begins(database)

    async with database.connection() as connection, program_transaction(connection, program_id):
        told = {**TOLD, "slug": slug, "model": "stamp-card"}
        await keep_answers(connection, program_id, told, author="Ana", now=NOW)
        draft = await draft_of_program(connection, program_id)
    assert draft is not None
    assert list(read_program(draft.source).units) == ["stamps"]


async def test_an_answer_that_is_none_makes_no_program(database: Database) -> None:
    with pytest.raises(Invalid):
        await begins(database, margin="0")
    async with database.owner() as owner:
        assert await known_programs(owner) == []
