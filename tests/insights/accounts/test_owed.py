"""What is owed, by what had earned it, each number by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from fiel.domain.accounting.cohorts import Position, Source
from fiel.domain.accounting.expectation import Method
from fiel.insights.accounts.closed import Books
from fiel.insights.accounts.periods import close_month
from fiel.intake.claiming_sales import claim_sale
from fiel.ledger.ids import new_id
from fiel.platform.database import Database
from tests.insights.accounts.office import office
from tests.ledger.counter import Counter
from tests.support.till import named

# A point is worth 0.10, so that 100.00 with 100 points share out 100 : 8 where 80 % are expected.
PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {{name: puntos, value: "0.10", expiry: {expiry}}}
earn:
  - {{id: base, event: sale, give: {{points: 1, per: "1.00"}}}}
  - {{id: resena, event: activity, activity: review, give: {{points: 7}}}}
rewards:
  - {{id: cafe, kind: access, price: {{points: 10}}}}
pay_with_points: {{unit: points, min: 1}}
accounting:
  without_sale: {without_sale}
  units: {{points: {{{stated}}}}}
"""
JANUARY = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)


async def opened(
    database: Database, *, expiry: str = "never", stated: str = "redeemed: 80",
    without_sale: str = "none",
) -> Counter:  # fmt: skip
    counter = Counter(database)
    told = PROGRAM.format(expiry=expiry, stated=stated, without_sale=without_sale)
    await counter.till.publishes(told, now=JANUARY)
    for name in ("ana", "berta"):
        await counter.till.enrols(name, now=JANUARY)
    return counter


async def books(counter: Counter, now: datetime = FEBRUARY) -> Books:
    async with office(counter, now) as reader:
        (told,) = await reader.live([now.date()])
        return told


async def owed(counter: Counter, now: datetime = FEBRUARY) -> Position:
    (position,) = (await books(counter, now)).positions
    return position


@pytest.mark.anyio
async def test_a_sale_defers_the_part_of_its_points(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)

    position = await owed(counter)

    # 100.00 × 8 ÷ 108
    assert (position.allocated, position.deferred) == (741, 741)
    assert (position.value, position.expected_value) == (1_000, 800)
    assert (position.month, position.source) == (date(2026, 1, 1), Source.SALE)


@pytest.mark.anyio
async def test_what_points_paid_is_no_price_and_what_they_were_is_redeemed(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)
    await counter.sells("ana", 3000, 2, 100, "T-2", JANUARY)

    position = await owed(counter)

    # Paid 100.00 and 50.00; 150 points are worth 15.00, 12.00 of it expected: 150 × 12 ÷ 162.
    assert (position.earned, position.redeemed, position.outstanding) == (150, 100, 50)
    assert position.allocated == 1_111
    # 100 of the 120 that are expected in all: 1,111.11 × 20 ÷ 120 is left.
    assert position.deferred == 185


@pytest.mark.anyio
async def test_what_is_held_is_owed_until_it_is_captured(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)
    await counter.redeems("ana", "R-1", JANUARY, held=True)
    held = await owed(counter)
    await counter.captures("R-1", JANUARY + timedelta(hours=1))
    captured = await owed(counter)

    assert (held.redeemed, held.outstanding) == (0, 100)
    assert (captured.redeemed, captured.outstanding) == (10, 90)


@pytest.mark.anyio
async def test_points_that_were_given_on_stay_with_the_sale_that_gave_them(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)
    await counter.transfers("ana", "berta", 60, "X-1", FEBRUARY - timedelta(days=1))

    position = await owed(counter)

    assert (position.month, position.source) == (date(2026, 1, 1), Source.SALE)
    assert (position.earned, position.outstanding, position.settled) == (100, 100, 0)
    assert position.deferred == 741


@pytest.mark.anyio
async def test_points_that_pay_a_debt_are_redeemed(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)
    for number in range(10):
        await counter.redeems("ana", f"R-{number}", JANUARY, held=False)
    await counter.takes_back("T-1", 1, "B-1", JANUARY)
    await counter.sells("ana", 4000, 2, 0, "T-2", JANUARY)

    position = await owed(counter)

    # 100 were redeemed and 50 of them owed after the return; 50 of the next 80 pay that.
    assert (position.earned, position.redeemed, position.settled) == (180, 100, 50)
    assert position.outstanding == 30


@pytest.mark.anyio
async def test_a_sale_that_is_claimed_is_a_sale(database):
    counter = await opened(database)
    sold = await counter.till.sells("100.00", to=None, now=JANUARY)
    await claim_sale(
        *counter.door, sold.recorded.id, named("ana"), request_id=new_id(), now=JANUARY
    )

    claimed = await owed(counter)
    counter.sales["T-1"] = sold.recorded.id
    await counter.takes_back("T-1", 1, "B-1", JANUARY)
    returned = await owed(counter)

    assert (claimed.source, claimed.allocated) == (Source.SALE, 741)
    assert (returned.reversed, returned.allocated) == (100, 0)


@pytest.mark.anyio
@pytest.mark.parametrize(("without_sale", "deferred"), [("none", 0), ("expense", 56)])
async def test_a_review_is_no_sale(database, without_sale, deferred):
    counter = await opened(database, without_sale=without_sale)
    await counter.hears_a_review("ana", JANUARY)

    position = await owed(counter)

    # 7 points worth 0.70, of which 80 % are expected to be redeemed.
    assert (position.source, position.deferred) == (Source.GRANTED, deferred)
    assert (position.value, position.expected_value) == (70, 56)


@pytest.mark.anyio
async def test_what_was_brought_in_is_deferred_at_its_worth(database):
    counter = await opened(database)
    await counter.till.brings("ana", 50, lasts=None, number="B-1", now=JANUARY)

    position = await owed(counter)

    assert (position.source, position.deferred) == (Source.BROUGHT_IN, 400)


@pytest.mark.anyio
async def test_what_is_over_says_what_to_expect(database):
    counter = await opened(database, expiry="{after: 10 days}", stated="")
    await counter.sells("ana", 60_000, 2, 0, "T-1", JANUARY)
    for number in range(30):
        await counter.redeems("ana", f"R-{number}", JANUARY, held=False)
    early = await books(counter, JANUARY + timedelta(days=1))
    await counter.sells("ana", 5_000, 2, 0, "T-2", FEBRUARY)
    late = await books(counter, FEBRUARY)

    assert (early.shares["points"].share, early.shares["points"].method) == (1, Method.UNKNOWN)
    share = late.shares["points"]
    assert (share.share, share.method) == (Fraction(1, 4), Method.ESTIMATED)
    assert (share.months, share.points, share.redeemed) == (1, 1_200, 300)
    january, february = late.positions
    assert january.deferred == 0
    # 100.00 × 2.50 ÷ 102.50
    assert february.deferred == 244


@pytest.mark.anyio
async def test_what_was_expected_when_a_month_was_closed_is_what_was_deferred(database):
    counter = await opened(database, expiry="{after: 10 days}", stated="")
    await counter.sells("ana", 60_000, 2, 0, "T-1", JANUARY)
    closed, _, _ = await close_month(
        database.connection, counter.till.versions, counter.till.program_id, date(2026, 1, 1),
        author="Berta", wall=FEBRUARY,
    )  # fmt: skip
    (then,) = closed.closing.positions
    (now,) = (await books(counter, FEBRUARY)).positions

    # Nothing was redeemed of what is over by now; that changes nothing about the price.
    assert (then.allocated, then.deferred) == (now.allocated, now.deferred)


@pytest.mark.anyio
async def test_nothing_is_told_of_other_programs(database):
    counter = await opened(database)
    await counter.sells("ana", 5000, 2, 0, "T-1", JANUARY)
    rival: Any = Counter(database)
    await rival.till.publishes(
        PROGRAM.format(expiry="never", stated="", without_sale="none").replace("cafe-sol", "rival"),
        now=JANUARY,
    )

    assert (await books(rival)).positions == ()
