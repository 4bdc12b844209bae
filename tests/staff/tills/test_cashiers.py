"""Cashiers: a name, a PIN that is tried a few times, and what each may do in a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from fiel.domain.refusal import Invalid, NotFound
from fiel.ledger.scope import program_transaction
from fiel.staff.tills.cashiers import (
    Terms,
    add_cashier,
    cashiers_of,
    change_cashier,
    set_active,
    set_pin,
)
from fiel.staff.tills.devices import add_device, revoke_device
from fiel.staff.tills.limits import Deed, Kind, count, uncount, used_on
from fiel.staff.tills.pins import LOCKED_FOR, TRIES, cashier_by_pin
from fiel.staff.tills.refusals import CashierLimit, TillLocked, WrongPin

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
CAFE_SOL = uuid4()


@pytest.fixture
async def counter(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        return await add_device(connection, CAFE_SOL, name="Caja 1", store="centro", now=NOW)


@pytest.fixture
async def eva(database):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        return await add_cashier(connection, CAFE_SOL, Terms("Eva"), pin="4071", now=NOW)


async def does(database, work):
    async with database.connection() as connection, program_transaction(connection, CAFE_SOL):
        return await work(connection)


async def types(database, counter, cashier, pin, *, now=NOW):
    async with database.connection() as connection:
        return await cashier_by_pin(connection, CAFE_SOL, counter.id, cashier.id, pin, now=now)


async def test_the_pin_signs_in_and_is_kept_nowhere(database, counter, eva):
    assert (await types(database, counter, eva, "4071")) == eva

    async def kept(connection):
        return await (await connection.execute("SELECT cashier::text FROM cashier")).fetchone()

    assert "4071" not in (await does(database, kept))[0].replace(str(eva.id), "")


async def test_after_some_wrong_pins_the_till_takes_none_for_minutes(database, counter, eva):
    for left in reversed(range(TRIES)):
        with pytest.raises(WrongPin) as wrong:
            await types(database, counter, eva, "4072")
        assert wrong.value.facts == {"left": left}

    with pytest.raises(TillLocked) as locked:
        await types(database, counter, eva, "4071")
    assert locked.value.facts == {"until": NOW + LOCKED_FOR}

    assert await types(database, counter, eva, "4071", now=NOW + LOCKED_FOR) == eva


async def test_the_right_pin_forgives_the_wrong_ones(database, counter, eva):
    for _ in range(3):
        for _ in range(TRIES - 1):
            with pytest.raises(WrongPin):
                await types(database, counter, eva, "4072")
        await types(database, counter, eva, "4071")


async def test_a_cashier_works_in_her_stores_while_she_works_and_at_tills_that_are_let_in(
    database, counter, eva
):
    terms = Terms("Iris", stores=("playa",))
    iris = await does(database, lambda c: add_cashier(c, CAFE_SOL, terms, pin="2580", now=NOW))
    with pytest.raises(NotFound):
        await types(database, counter, iris, "2580")

    gone = await does(database, lambda c: set_active(c, CAFE_SOL, eva.id, active=False))
    assert (gone.active, gone.epoch) == (False, eva.epoch + 1)
    with pytest.raises(NotFound):
        await types(database, counter, eva, "4071")

    await does(database, lambda c: set_active(c, CAFE_SOL, eva.id, active=True))
    await does(database, lambda c: revoke_device(c, CAFE_SOL, counter.id, now=NOW))
    with pytest.raises(NotFound):
        await types(database, counter, eva, "4071")


async def test_another_pin_ends_the_sessions_of_the_former(database, counter, eva):
    changed = await does(database, lambda c: set_pin(c, CAFE_SOL, eva.id, "9134"))

    assert changed.epoch == eva.epoch + 1
    with pytest.raises(WrongPin):
        await types(database, counter, eva, "4071")
    assert await types(database, counter, eva, "9134") == changed


@pytest.mark.parametrize("pin", ["", "123", "1111", "1234", "9876", "12a4", "123456789", "٤٠٧١"])
async def test_a_pin_is_some_digits_that_are_not_tried_first(database, pin):
    with pytest.raises(Invalid) as refused:
        await does(database, lambda c: add_cashier(c, CAFE_SOL, Terms("Eva"), pin=pin, now=NOW))
    assert [problem.field for problem in refused.value.problems] == ["pin"]


async def test_of_those_who_work_nobody_has_anothers_name(database, eva):
    with pytest.raises(Invalid) as refused:
        await does(database, lambda c: add_cashier(c, CAFE_SOL, Terms("eva "), pin="2580", now=NOW))
    assert [problem.code for problem in refused.value.problems] == ["taken"]

    await does(database, lambda c: set_active(c, CAFE_SOL, eva.id, active=False))
    await does(database, lambda c: add_cashier(c, CAFE_SOL, Terms("Eva"), pin="2580", now=NOW))

    found = await does(database, lambda c: cashiers_of(c, CAFE_SOL))
    assert [(each.name, each.active) for each in found] == [("Eva", True), ("Eva", False)]


def deed(cashier, about, *, kind=Kind.REDEEMED, day=DAY, approved_by=None):
    return Deed(CAFE_SOL, cashier, uuid4(), kind, about, day, NOW, approved_by)


async def limited(database, eva):
    terms = Terms("Eva", redeem_a_day={"points": 100}, return_a_day=5000)
    return await does(database, lambda c: change_cashier(c, CAFE_SOL, eva.id, terms))


async def test_a_limit_is_of_a_day_and_reached_exactly(database, eva):
    eva = await limited(database, eva)

    async def work(connection):
        await count(connection, deed(eva, "1"), {"points": 60})
        await count(connection, deed(eva, "2"), {"points": 40, "stamps": 7})
        with pytest.raises(CashierLimit) as beyond:
            await count(connection, deed(eva, "3"), {"points": 1})
        await count(connection, deed(eva, "4", day=DAY + timedelta(days=1)), {"points": 100})
        return beyond.value.facts, await used_on(connection, CAFE_SOL, DAY)

    facts, used = await does(database, work)
    assert facts == {"kind": "redeemed", "unit": "points", "most": 100, "used": 100}
    assert used == {eva.id: {(Kind.REDEEMED, "points"): 100, (Kind.REDEEMED, "stamps"): 7}}


async def test_the_same_deed_counts_once_and_one_that_was_undone_not_at_all(database, eva):
    eva = await limited(database, eva)

    async def work(connection):
        for _ in range(3):
            await count(connection, deed(eva, "1"), {"points": 100})
        await uncount(connection, CAFE_SOL, eva.id, Kind.REDEEMED, "1")
        await count(connection, deed(eva, "2"), {"points": 100})

    await does(database, work)


async def test_what_somebody_approved_is_beside_the_limit(database, eva):
    eva = await limited(database, eva)

    async def work(connection):
        returned = deed(eva, "1", kind=Kind.RETURNED)
        with pytest.raises(CashierLimit):
            await count(connection, returned, {"EUR": 5001})
        approved = deed(eva, "1", kind=Kind.RETURNED, approved_by=uuid4())
        await count(connection, approved, {"EUR": 9000})
        await count(connection, deed(eva, "2", kind=Kind.RETURNED), {"EUR": 5000})

    await does(database, work)


async def test_whoever_may_approve_has_no_limit_and_who_left_has_one_of_nothing(database, eva):
    terms = Terms("Eva", may_approve=True, return_a_day=0)
    eva = await does(database, lambda c: change_cashier(c, CAFE_SOL, eva.id, terms))
    gone = await does(database, lambda c: set_active(c, CAFE_SOL, eva.id, active=False))

    async def work(connection):
        await count(connection, deed(eva, "1", kind=Kind.RETURNED), {"EUR": 10_000})
        with pytest.raises(CashierLimit):
            await count(connection, deed(gone, "2"), {"points": 1})

    await does(database, work)
