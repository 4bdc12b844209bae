"""A key is trusted from memory for a few seconds and no longer."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from fiel.staff.keyring import KeyRing
from fiel.staff.keys import create_key, revoke_key

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAFE_SOL = uuid4()


class Door:
    """Lends the database's connections, and counts how often; time is what the test says."""

    def __init__(self, database) -> None:
        self.database = database
        self.lent = 0
        self.now = 0.0
        self.ring = KeyRing(self.connection, seconds=3, clock=lambda: self.now)

    @asynccontextmanager
    async def connection(self):
        self.lent += 1
        async with self.database.connection() as connection:
            yield connection


@pytest.fixture
def door(database):
    return Door(database)


async def make(database):
    async with database.connection() as connection:
        return await create_key(
            connection, program_id=CAFE_SOL, name="till", scopes=["till"], now=NOW
        )


async def test_a_key_is_looked_up_once_for_three_seconds(door, database):
    made = await make(database)

    for door.now in (0.0, 1.0, 2.9):
        caller = await door.ring.caller(made.secret)
        assert caller is not None
        assert caller.program_id == CAFE_SOL
    assert door.lent == 1


async def test_a_revocation_bites_when_the_seconds_are_over(door, database):
    made = await make(database)
    await door.ring.caller(made.secret)
    async with database.connection() as connection:
        await revoke_key(connection, program_id=CAFE_SOL, key_id=made.key.id, now=NOW)

    door.now = 3.0

    assert await door.ring.caller(made.secret) is None


async def test_who_asks_at_once_is_answered_by_one_look(door, database):
    made = await make(database)

    callers = await asyncio.gather(*(door.ring.caller(made.secret) for _ in range(50)))

    assert {caller.key_id for caller in callers} == {made.key.id}
    assert door.lent == 1


async def test_that_there_is_no_such_key_is_remembered_too(door):
    assert await door.ring.caller("fiel_unknown") is None
    assert await door.ring.caller("fiel_unknown") is None
    assert door.lent == 1
