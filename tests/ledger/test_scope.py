"""What is only told is told of one moment, whatever is posted meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg.errors import ReadOnlySqlTransaction

from fiel.domain.document import read_program
from fiel.intake.asking import Outcome
from fiel.intake.enrolling import Enrolment
from fiel.intake.enrolling_many import enrol_members
from fiel.ledger.due import settle_members
from fiel.ledger.history import stood_at
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection, program_snapshot, program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio

MEMBERS = 200
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=2)
WAITING = CAFE_SOL.replace("expiry: {after: 12 months}", "pending: 1 day")


@pytest.fixture
async def till(database: Database) -> Till:
    till = Till(database)
    await till.publishes(WAITING, now=NOON)
    return till


async def _wait_for_points(till: Till) -> list[UUID]:
    """Members who earned ten points that are due by now, and that nobody has booked so."""
    names = [f"socia-{number}" for number in range(MEMBERS)]
    people = [Enrolment(new_id(), Person(external_id=name), b"", NOON) for name in names]
    await enrol_members(till.database.connection, till.versions, till.program_id, people)
    sold = await till.recorder.record_all(
        till.program_id, [till.sale("10.00", to=name, now=NOON) for name in names]
    )
    return [outcome.recorded.member_id for outcome in sold if isinstance(outcome, Outcome)]


async def _available(connection: Connection, place: Place, member_id: UUID) -> tuple[int, int]:
    """What a member can spend: as it is now, and as it was or will be at a moment."""
    book = await book_now(connection, place, member_id, LATER)
    stood = await stood_at(connection, place, member_id, LATER, read_program(WAITING))
    assert book is not None
    return book.accounts["points"].available, stood.balances["points"].available


async def test_whoever_asks_while_points_are_booked_as_started_is_told_the_same(till: Till) -> None:
    members, place = await _wait_for_points(till), Place(till.program_id, 0)
    version = Version(1, read_program(WAITING))
    left, told = deque(members), set[tuple[int, int]]()

    async def settle() -> None:
        async with till.database.posting() as connection:
            while left:
                async with program_transaction(connection, till.program_id):
                    await settle_members(connection, place, version, [left[0]], LATER, waits=True)
                left.popleft()

    async def ask() -> None:
        async with till.database.connection() as connection:
            while left:
                soon = left[0]
                async with program_snapshot(connection, till.program_id):
                    told.add(await _available(connection, place, soon))

    await asyncio.gather(settle(), *(ask() for _ in range(3)))

    assert told == {(10, 10)}
    assert (await till.proof()).differences == []


async def test_nothing_is_written_where_something_is_only_told(till: Till) -> None:
    (ana, *_) = await _wait_for_points(till)
    async with till.database.connection() as connection:
        with pytest.raises(ReadOnlySqlTransaction):
            async with program_snapshot(connection, till.program_id):
                await connection.execute("DELETE FROM standing WHERE member_id = %s", (ana,))
        async with program_transaction(connection, till.program_id):
            await connection.execute("UPDATE member SET name = 'Ana' WHERE id = %s", (ana,))
