"""What a member had at a moment, however it was booked since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.ledger.accounts import Balance, Expiring
from fiel.ledger.history import Stood, stood_at, stood_before
from fiel.ledger.opening import Place
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member
from fiel.platform.database import Database
from tests.ledger.counter import Counter
from tests.support.till import named

pytestmark = pytest.mark.anyio

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, value: "0.01", expiry: {after: 6 days}, grace: 2 days}
  stamps: {name: sellos, expiry: {inactivity: 4 days}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: sello, event: sale, give: {stamps: 1}}
rewards:
  - {id: cafe, kind: access, price: {points: 10}}
pay_with_points: {unit: points, min: 1}
"""
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # points last to the end of 8 March
DAY = timedelta(days=1)
END = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)


@pytest.fixture
async def shop(database: Database) -> Counter:
    """The Café Sol, where Ana has 60 points and a stamp."""
    counter = Counter(database)
    await counter.till.publishes(PROGRAM, now=NOON)
    await counter.till.enrols("ana", now=NOON)
    await counter.sells("ana", 6000, 1, 0, "T-1", NOON)
    return counter


async def stood(shop: Counter, at: datetime, *, before: bool = False) -> Stood:
    program_id = shop.till.program_id
    async with (
        shop.database.connection() as connection,
        program_transaction(connection, program_id),
    ):
        published = await shop.till.versions.in_force(connection, program_id)
        ana = await member(connection, program_id, named("ana"))
        assert ana is not None
        ask = stood_before if before else stood_at
        place = Place(program_id, ana.shard)
        return await ask(connection, place, ana.id, at, published.program)


async def points(shop: Counter, at: datetime) -> Balance:
    return (await stood(shop, at)).balances["points"]


async def test_days_of_grace_do_not_change_what_was_told_before_them(shop: Counter) -> None:
    await shop.redeems("ana", "C-1", NOON, held=True)
    told = await points(shop, NOON + DAY)
    await shop.cancels("C-1", NOON + 8 * DAY)

    assert told.expiring == (Expiring(50, END),)
    assert await points(shop, NOON + DAY) == told
    assert (await points(shop, NOON + 7 * DAY)).available == 0
    back = await points(shop, NOON + 8 * DAY)
    assert (back.available, back.expiring[0].at) == (10, END + 4 * DAY)
    assert (await points(shop, END + 4 * DAY)).available == 0


async def test_what_keeps_points_alive_does_not_change_what_was_told_before_it(
    shop: Counter,
) -> None:
    stamps_end = datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    await shop.sells("ana", 100, 1, 0, "T-2", NOON + DAY)

    first = (await stood(shop, NOON)).balances["stamps"]
    second = (await stood(shop, NOON + DAY)).balances["stamps"]

    assert first.expiring == (Expiring(1, stamps_end),)
    assert second.expiring == (Expiring(2, stamps_end + DAY),)


async def test_a_time_that_is_over_has_what_ended_with_it_gone(shop: Counter) -> None:
    at = (await stood(shop, END - timedelta(microseconds=1))).balances["points"]
    over = await stood(shop, END, before=True)

    assert at.available == 60
    assert over.balances["points"].available == 0
    assert [(move.points, move.at) for move in over.due if move.unit == "points"] == [(60, END)]


async def test_the_past_is_told_by_when_things_happened(shop: Counter) -> None:
    late = NOON + 3 * DAY
    ask = shop.till.sale("40.00", to="ana", now=late, at=NOON + DAY, number="T-2")
    before = await points(shop, NOON + 2 * DAY)
    await shop.till.records(ask)

    assert before.available == 60
    assert (await points(shop, NOON + 2 * DAY)).available == 100


async def test_what_is_told_ahead_of_its_time_counts_from_when_it_was_told(shop: Counter) -> None:
    ahead = NOON + timedelta(hours=5)
    await shop.till.records(shop.till.sale("40.00", to="ana", now=NOON, at=ahead, number="T-2"))

    told = await points(shop, NOON)
    later = await points(shop, ahead)

    assert (told.available, told.pending) == (60, 40)
    assert (later.available, later.pending) == (100, 0)


async def test_points_that_were_spent_before_they_were_there_are_owed_until_then(
    shop: Counter,
) -> None:
    """A till that was off tells late of a payment, with points that were earned meanwhile."""
    await shop.sells("ana", 5000, 1, 0, "T-2", NOON + 2 * DAY)
    await shop.adjusts("ana", -60, NOON + 2 * DAY)  # T-1's, which end first
    ask = shop.till.sale(
        "50.00", to="ana", now=NOON + 3 * DAY, at=NOON + DAY, number="T-3", paid=50
    )
    await shop.till.records(ask)

    then, now = await points(shop, NOON + DAY), await points(shop, NOON + 3 * DAY)

    earned = 49  # of 50.00, less the 0.50 that points paid
    assert (then.available, then.debt) == (60 + earned, 50)
    assert (now.available, now.debt) == (earned, 0)
