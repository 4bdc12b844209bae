"""A draft waits for its moment, is published then, and only as it was."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from fiel.domain.document import read_document
from fiel.domain.refusal import Invalid, NotFound
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.drafts import Draft, draft_of_program, forget_draft, save_draft
from fiel.programs.publishing import open_program, publish
from fiel.programs.scheduling import (
    State,
    cancel_publication,
    latest_publications,
    publish_due,
    schedule_publication,
    waiting_publication,
)
from tests.support.program import CAFE_SOL

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
DOUBLE = CAFE_SOL.replace("name: Café Sol", "name: Café Sol doble")


@pytest.fixture
async def program_id(database: Database) -> UUID:
    document = read_document(CAFE_SOL)
    async with database.owner() as owner, owner.transaction():
        made = await open_program(owner, document, sandbox=False, now=NOW)
        async with program_transaction(owner, made):
            await publish(owner, made, document, source=CAFE_SOL, format="yaml", author="Ana",
                          now=NOW)  # fmt: skip
    return made


async def schedules(database: Database, program_id: UUID, *, at: datetime = TOMORROW) -> UUID:
    draft = Draft(DOUBLE, "yaml", "Ana", NOW)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await save_draft(connection, program_id, draft)
        return await schedule_publication(
            connection, program_id, draft, at=at, author="Ana", now=NOW
        )


async def at(database: Database, program_id: UUID, now: datetime) -> int | None:
    """What the calendar does at a moment; the version that it made."""
    async with database.connection() as connection, program_transaction(connection, program_id):
        made = await publish_due(connection, program_id, now=now)
    return made[1].number if made and made[1] else None


async def states(database: Database, program_id: UUID) -> list[tuple[State, str]]:
    async with database.connection() as connection, program_transaction(connection, program_id):
        found = await latest_publications(connection, program_id)
    return [(each.state, each.problem) for each in found]


async def test_a_draft_is_published_at_its_moment_and_not_before(database, program_id):
    await schedules(database, program_id)

    assert await at(database, program_id, TOMORROW - timedelta(seconds=1)) is None
    assert await at(database, program_id, TOMORROW) == 2
    assert await at(database, program_id, TOMORROW) is None
    assert await states(database, program_id) == [(State.PUBLISHED, "")]
    async with database.connection() as connection, program_transaction(connection, program_id):
        assert await draft_of_program(connection, program_id) is None
        assert await waiting_publication(connection, program_id) is None


@pytest.mark.parametrize("change", ["changed", "dropped"])
async def test_a_draft_that_was_changed_meanwhile_is_not_published(database, program_id, change):
    await schedules(database, program_id)
    async with database.connection() as connection, program_transaction(connection, program_id):
        if change == "changed":
            await save_draft(
                connection, program_id, Draft(DOUBLE + "# more\n", "yaml", "Berta", NOW)
            )
        else:
            await forget_draft(connection, program_id)

    assert await at(database, program_id, TOMORROW) is None
    assert await states(database, program_id) == [(State.REFUSED, "draft_changed")]


async def test_a_cancelled_publication_is_never_made(database, program_id):
    scheduled = await schedules(database, program_id)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await cancel_publication(connection, program_id, scheduled, now=NOW)
        with pytest.raises(NotFound):
            await cancel_publication(connection, program_id, scheduled, now=NOW)

    assert await at(database, program_id, TOMORROW) is None
    assert await states(database, program_id) == [(State.CANCELLED, "")]
    await schedules(database, program_id)  # and there is room for another
    assert await at(database, program_id, TOMORROW) == 2


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=733)])
async def test_the_moment_is_in_the_two_years_to_come(database, program_id, moment):
    with pytest.raises(Invalid) as refused:
        await schedules(database, program_id, at=moment)
    assert [problem.code for problem in refused.value.problems] == ["out_of_range"]


async def test_only_one_publication_waits(database, program_id):
    await schedules(database, program_id)
    with pytest.raises(Invalid) as refused:
        await schedules(database, program_id)
    assert [problem.code for problem in refused.value.problems] == ["waits_already"]


async def test_a_draft_that_cannot_be_published_any_more_is_refused(database, program_id):
    draft = Draft(DOUBLE.replace("cafe-sol", "rival"), "yaml", "Ana", NOW)
    async with database.connection() as connection, program_transaction(connection, program_id):
        await save_draft(connection, program_id, draft)
        await schedule_publication(
            connection, program_id, draft, at=TOMORROW, author="Ana", now=NOW
        )

    assert await at(database, program_id, TOMORROW) is None
    assert await states(database, program_id) == [(State.REFUSED, "invalid")]
