"""Closing a month while something is being posted, and by two at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from fiel.insights.accounts.asking import Span
from fiel.insights.accounts.closed import ClosedMonth, closed_months
from fiel.insights.accounts.periods import close_month
from fiel.insights.accounts.roll_forward import RollForward, roll_forward
from fiel.insights.accounts.standing import balance_of
from fiel.intake.groups import Group, Item
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member
from fiel.platform.database import Database
from tests.insights.accounts.office import office
from tests.ledger.counter import Counter
from tests.support.program import CAFE_SOL
from tests.support.till import named

JANUARY = date(2026, 1, 1)
THEN, NOW = datetime(2026, 1, 20, 9, 0, tzinfo=UTC), datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
FEBRUARY = [Span(date(2026, 2, 1), date(2026, 2, 28))]


@pytest.fixture
async def counter(database: Database) -> Counter:
    """The Café Sol, where Ana has 10 points of January."""
    opened = Counter(database)
    await opened.till.publishes(CAFE_SOL, now=THEN)
    await opened.till.enrols("ana", now=THEN)
    await opened.till.sells("10.00", to="ana", now=THEN)
    return opened


async def close_january(counter: Counter) -> ClosedMonth:
    till = counter.till
    closed, _, _ = await close_month(
        counter.database.connection, till.versions, till.program_id, JANUARY,
        author="Berta", wall=NOW,
    )  # fmt: skip
    return closed


async def february(counter: Counter) -> RollForward:
    async with office(counter, NOW + timedelta(days=30)) as books:
        return await roll_forward(books, FEBRUARY)


@pytest.mark.anyio
async def test_what_is_being_posted_while_a_month_is_closed_belongs_to_the_next(counter):
    till = counter.till
    async with (
        counter.database.posting() as connection,
        program_transaction(connection, till.program_id),
    ):
        published = await till.versions.in_force(connection, till.program_id)
        ana = await member(connection, till.program_id, named("ana"))
        ask = till.sale("7.00", to="ana", now=NOW, at=THEN + timedelta(days=1))
        item = Item(ask, ask.understand(published.program, NOW), ana.id)
        await Group(published, ana.shard, [item]).record(connection)
        closed = await close_january(counter)

    assert balance_of(closed.closing.totals, "points") == 10
    rolled = await february(counter)
    (row,) = rolled.rows
    assert (row.opening, row.changes["earned"], row.closing) == (10, 7, 17)
    told = [(late.day, late.category, late.points) for late in rolled.late]
    assert told == [(date(2026, 1, 21), "earned", 7)]


@pytest.mark.anyio
async def test_two_who_close_a_month_at_once_close_it_once(counter):
    both = await asyncio.gather(close_january(counter), close_january(counter))

    assert both[0] == both[1]
    async with office(counter, NOW) as books:
        kept = await closed_months(books.connection, books.program_id)
    assert kept == [both[0]]


@pytest.mark.anyio
async def test_a_late_return_of_a_closed_month_is_told_with_its_day(counter):
    await counter.sells("ana", 500, 2, 0, "T-1", THEN)
    await close_january(counter)
    await counter.takes_back("T-1", 1, "R-1", NOW)

    rolled = await february(counter)

    (row,) = rolled.rows
    assert (row.opening, row.changes["reversed"], row.closing) == (20, -5, 15)
    assert rolled.late == ()


@pytest.mark.anyio
async def test_what_ended_and_was_booked_after_the_closing_is_not_late(database):
    counter = Counter(database)
    await counter.till.publishes(CAFE_SOL.replace("12 months", "6 days"), now=THEN)
    await counter.till.enrols("ana", now=THEN)
    await counter.till.sells("10.00", to="ana", now=THEN)
    closed = await close_january(counter)
    await counter.goes_through_the_calendar(NOW)

    rolled = await february(counter)

    assert closed.closing.totals == {"points": {"earned": 10, "expired": -10}}
    (row,) = rolled.rows
    assert (row.opening, row.closing, row.told_later) == (0, 0, 0)
    assert rolled.late == ()


@pytest.mark.anyio
async def test_a_closed_month_cannot_be_changed(counter):
    await close_january(counter)
    async with office(counter, NOW) as books:
        for statement in ("UPDATE closed_month SET closed_by = ''", "DELETE FROM closed_month"):
            with pytest.raises(Exception, match="permission denied"):
                async with books.connection.transaction():
                    await books.connection.execute(statement)
