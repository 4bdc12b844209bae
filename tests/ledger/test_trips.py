"""Journeys to the database: together there, together back, and whole again after a failure."""

from __future__ import annotations

import asyncio

import pytest
from psycopg import errors

from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip, begin, commit, undone_unless_committed
from fiel.platform.database import Database

pytestmark = pytest.mark.anyio
DOUBLE = numbered("test_double", "SELECT %(number)s::int * 2, %(text)s::text, %(number)s::int")
DIVIDE = numbered("test_divide", "SELECT 10 / %(by)s::int")


async def test_each_statement_has_its_own_rows(database: Database) -> None:
    async with database.posting() as connection:
        trip = Trip(connection)
        first = trip.ask(DOUBLE, {"number": "4", "text": 'Café "Sol"'})
        second = trip.ask(DOUBLE, {"number": "21", "text": ""})
        await trip.go()

    assert trip.rows(first) == [(8, 'Café "Sol"', 4)]
    assert trip.rows(second) == [(42, "", 21)]


async def test_after_a_failure_the_connection_serves_as_before(database: Database) -> None:
    async with database.posting() as connection:
        failing = Trip(connection)
        failing.say("BEGIN")
        failing.ask(DIVIDE, {"by": "0"})
        failing.ask(DOUBLE, {"number": "1", "text": "never prepared"})
        with pytest.raises(errors.DivisionByZero):
            async with undone_unless_committed(connection):
                await failing.go()

        again = Trip(connection)
        halved, doubled = (
            again.ask(DIVIDE, {"by": "5"}),
            again.ask(DOUBLE, {"number": "3", "text": "x"}),
        )
        await again.go()

    assert (again.rows(halved), again.rows(doubled)) == ([(2,)], [(6, "x", 3)])


async def test_what_was_not_committed_is_undone(database: Database) -> None:
    async with database.posting() as connection:
        async with undone_unless_committed(connection):
            trip = Trip(connection)
            trip.say("BEGIN")
            trip.say("SET LOCAL fiel.program = 'never'")
            await trip.go()
        row = await (await connection.execute("SHOW fiel.program")).fetchone()

    assert row == ("",)


async def test_a_transaction_sees_one_program_until_it_is_committed(database: Database) -> None:
    from uuid import UUID

    async with database.posting() as connection:
        trip = Trip(connection)
        begin(trip, UUID(int=7))
        seen = trip.ask(numbered("test_seen", "SELECT fiel_program()"), {})
        commit(trip)
        after = trip.ask(numbered("test_seen", "SELECT fiel_program()"), {})
        await trip.go()

    assert (trip.rows(seen), trip.rows(after)) == ([(UUID(int=7),)], [(None,)])


async def test_more_than_a_socket_holds_travels_too(database: Database) -> None:
    text = "á" * 3_000_000
    async with database.posting() as connection:
        trip = Trip(connection)
        asked = [trip.ask(DOUBLE, {"number": str(n), "text": text}) for n in range(3)]
        await asyncio.wait_for(trip.go(), 60)

    assert [trip.rows(number)[0][0] for number in asked] == [0, 2, 4]
    assert all(trip.rows(number)[0][1] == text for number in asked)


async def test_a_journey_that_is_cut_off_leaves_no_half_used_connection(
    database: Database,
) -> None:
    async with database.posting() as connection:
        trip = Trip(connection)
        trip.ask(numbered("test_sleep", "SELECT pg_sleep(%(seconds)s::float)"), {"seconds": "30"})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(trip.go(), 0.3)
        assert connection.closed
    async with database.posting() as another:
        trip = Trip(another)
        asked = trip.ask(DIVIDE, {"by": "2"})
        await trip.go()
    assert trip.rows(asked) == [(5,)]
