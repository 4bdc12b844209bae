"""Tries of pairing codes: counted by address, for all processes, and forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fiel.staff.tills.refusals import TooManyTries
from fiel.staff.tills.tries import MOST_TRIES, WINDOW, count_try

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def tries(database, address="192.0.2.1", *, now=NOW):
    """A try on a connection of its own, as another process has it; whether it was let through."""
    async with database.connection() as connection:
        try:
            await count_try(connection, address, now=now)
        except TooManyTries:
            return False
    return True


async def test_of_many_that_try_at_once_no_more_are_let_through_than_may(database):
    let_through = await asyncio.gather(*(tries(database) for _ in range(MOST_TRIES + 5)))

    assert sum(let_through) == MOST_TRIES
    assert await tries(database, "192.0.2.2")


async def test_a_minute_later_one_may_try_again_and_nothing_is_kept_of_the_others(database):
    for address in ("192.0.2.1", "192.0.2.2"):
        for _ in range(MOST_TRIES + 1):
            await tries(database, address)
    assert not await tries(database, now=NOW + timedelta(seconds=59))

    assert await tries(database, now=NOW + WINDOW)
    async with database.owner() as owner:
        kept = await (await owner.execute("SELECT address, tries FROM till_pairing_try")).fetchall()
    assert kept == [("192.0.2.1", 1)]
