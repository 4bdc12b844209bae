"""Whoever follows a program's events misses none, and sees none twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.ledger.ids import new_id
from fiel.ledger.queries import Event, events_after
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


async def test_an_event_that_was_slow_to_commit_is_waited_for(database: Database) -> None:
    till = Till(database)
    await till.publishes(CAFE_SOL, now=NOW)
    await till.enrols("berta", now=NOW)
    seen = await told(till, after=0)

    async with database.posting() as slow, slow.transaction():

        @asynccontextmanager
        async def lend() -> AsyncIterator[Connection]:
            yield slow

        # Ana's event has its number, and is not committed ...
        ana = Enrolment(new_id(), Person(external_id="ana", name="Ana"), b"", NOW)
        await enrol_member(lend, till.versions, till.program_id, ana)
        # ... when Berta's next one, with a higher number, is.
        await till.sells("5.00", to="berta", now=NOW)

        assert await told(till, after=seen[-1].sequence) == []

    seen += await told(till, after=seen[-1].sequence)
    seen += await told(till, after=seen[-1].sequence)

    assert [event.type for event in seen] == ["member.created", "member.created", "sale.recorded"]
    assert [event.member_sequence for event in seen] == [1, 1, 2]
    assert seen[1].member_id == ana.id


async def told(till: Till, *, after: int) -> list[Event]:
    """What a follower is told of the events after a number."""
    async with (
        till.database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        return await events_after(connection, till.program_id, 1, after=after, limit=100)
