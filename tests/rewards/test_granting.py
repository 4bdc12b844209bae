"""Rewards that are given for levels reached, and taken back when the level is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.domain.redeeming import Status
from fiel.intake.desk import Desk, Request, at_desk
from fiel.ledger.scope import program_transaction
from fiel.rewards.granting import Withdrawn, grant, withdraw
from fiel.rewards.redemptions import Redemption
from tests.api.rewards import REWARDS
from tests.support.redeeming import Counter
from tests.support.till import Till, named

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


async def opened(database):
    till = Till(database)
    await till.publishes(REWARDS, now=NOON)
    await till.enrols("ana", now=NOON)
    return Counter(till)


async def at_anas(counter, work):
    """Do something to Ana's book, as an adjustment that moves nothing."""
    till = counter.till

    async def with_book(desk: Desk):
        (book,) = await desk.open(named("ana"))
        told = desk.told()
        result = await work(desk, book, told)
        desk.close(book, told, {})
        return result

    request = Request("adjustment", b"", LATER)
    done = await at_desk(till.database.posting, till.versions, till.program_id, request, with_book)
    return done.result


async def gives(counter, reward) -> Redemption:
    async def work(desk, book, told):
        program = desk.published.program
        given = grant(
            desk.place(book), book.member_id, program.rewards[reward], program,
            version=desk.published.number, activity_id=told.id, milestone="nivel-100", now=LATER,
        )  # fmt: skip
        for write in given.writes:
            desk.after(write)
        return given.redemption

    return await at_anas(counter, work)


async def takes_back(counter, count) -> Withdrawn:
    async def work(desk, book, told):
        found = await withdraw(
            desk.connection, desk.place(book), book.member_id,
            milestone="nivel-100", count=count, now=LATER,
        )  # fmt: skip
        for write in found.writes:
            desk.after(write)
        return found

    return await at_anas(counter, work)


async def clean(counter):
    return (await counter.till.proof()).differences == []


async def test_a_grant_is_captured_with_its_code_and_costs_nothing(database):
    counter = await opened(database)

    given = await gives(counter, "cafe-gratis")

    kept = await counter.redemption(given.id)
    assert (kept.status, kept.spent, kept.milestone) == (Status.CAPTURED, {}, "nivel-100")
    assert kept.code == given.code is not None
    await counter.uses(given.id, now=LATER)
    assert await clean(counter)


async def test_what_was_promised_is_given_though_the_stock_is_gone(database):
    counter = await opened(database)
    await counter.till.brings("ana", 50, lasts=None, number="B-1", now=NOON)
    await counter.redeems("ana", "cata", now=NOON)  # the only place

    given = await gives(counter, "cata")

    assert (await counter.redemption(given.id)).is_stocked
    assert await clean(counter)


async def test_of_two_grants_the_unused_one_is_taken_back_and_its_stock_with_it(database):
    counter = await opened(database)
    first, second = await gives(counter, "cata"), await gives(counter, "cata")
    await counter.uses(second.id, now=LATER)

    withdrawn = await takes_back(counter, 1)

    assert [row.id for row in withdrawn.redemptions] == [first.id]
    assert withdrawn.kept == ()
    statuses = [(await counter.redemption(each.id)).status for each in (first, second)]
    assert statuses == [Status.CANCELLED, Status.USED]
    assert await clean(counter)


async def test_a_used_grant_stays(database):
    counter = await opened(database)
    given = await gives(counter, "cafe-gratis")
    await counter.uses(given.id, now=LATER)

    withdrawn = await takes_back(counter, 1)

    assert withdrawn.redemptions == ()
    assert [row.id for row in withdrawn.kept] == [given.id]
    assert await clean(counter)


async def test_a_grant_can_be_cancelled_like_any_redemption(database):
    counter = await opened(database)
    given = await gives(counter, "cata")

    cancelled = await counter.cancels(given.id, now=LATER)

    assert cancelled.decision["restored"] == {}
    async with (
        counter.till.database.connection() as connection,
        program_transaction(connection, counter.till.program_id),
    ):
        cursor = await connection.execute("SELECT taken FROM stock WHERE reward = 'cata'")
        assert await cursor.fetchall() == [(0,)]
    assert await clean(counter)
