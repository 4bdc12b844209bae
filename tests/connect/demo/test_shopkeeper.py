"""The shopkeeper lets what happens happen at its own time, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from fiel.connect.demo.purchases import ZONE
from fiel.connect.demo.shop import (
    Content,
    Enrolment,
    Happening,
    Purchase,
    Redemption,
    Return,
    household_content,
    program_document,
)
from fiel.connect.demo.shopkeeper import Lived, Shopkeeper, pieces
from fiel.domain.document import read_document
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.redeeming import redeem
from fiel.ledger.audit import audit
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions

pytestmark = pytest.mark.anyio
# A Wednesday.
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)


@pytest.fixture
async def keeper(database: Database) -> Shopkeeper:
    versions, source = Versions(), program_document(NOON.date())
    document = read_document(source)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=True, now=NOON)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document, source=source, format="yaml", author="x", now=NOON
            )
            published = await versions.in_force(owner, program_id)
    return Shopkeeper(database.posting, versions, published)


def joins(household: int = 1, at: datetime = NOON) -> Enrolment:
    return Enrolment(at, household, household_content(household, at))


def buys(number: int, price: str, household: int = 1, at: datetime = NOON) -> Purchase:
    content: Content = {
        "external_id": str(number),
        "member": {"external_id": str(household)},
        "occurred_at": at.isoformat(),
        "lines": [{"sku": "1", "category": "grocery", "quantity": 1, "unit_price": price}],
    }
    return Purchase(at, household, content)


def redeems(household: int = 1, at: datetime = NOON) -> Redemption:
    return Redemption(at, household, f"C-{household}-{at.date()}")


def gives_back(number: int, household: int = 1, at: datetime = NOON) -> Return:
    content: Content = {
        "external_id": f"R-{number}",
        "sale_external_id": str(number),
        "occurred_at": at.isoformat(),
        "lines": [{"line": 1, "quantity": 1}],
    }
    return Return(at, household, content)


async def redemptions(database: Database, keeper: Shopkeeper) -> list[tuple[object, ...]]:
    async with (
        database.connection() as connection,
        program_transaction(connection, keeper.program_id),
    ):
        found = await connection.execute("SELECT reward, status, used_at FROM redemption")
        return await found.fetchall()


@pytest.mark.parametrize(
    ("price", "rewards"),
    [("199.99", []), ("200.00", ["coffee"]), ("700.00", ["car-wash"]), ("1500", ["car-wash"])],
)
async def test_it_is_the_dearest_that_the_points_buy(
    database: Database, keeper: Shopkeeper, price: str, rewards: list[str]
) -> None:
    # 100 points for joining. 5 dollars off for 500 points is not handed over in the shop.
    await keeper.live([joins(), buys(1, price), redeems()])

    found = await redemptions(database, keeper)
    assert found == [(reward, "used", NOON) for reward in rewards]
    assert keeper.lived == Lived(enrolled=1, sold=1, redeemed=len(rewards))


async def test_what_happened_before_does_not_happen_again(
    database: Database, keeper: Shopkeeper
) -> None:
    day: list[Happening] = [joins(), buys(1, "700.00"), redeems(), gives_back(1)]
    for piece in pieces(day):
        await keeper.live(piece)
    first, keeper.lived = keeper.lived, Lived()

    for piece in pieces(day):
        await keeper.live(piece)

    assert first == Lived(enrolled=1, sold=1, redeemed=1, returned=1)
    assert keeper.lived == Lived()
    async with database.owner() as owner:
        assert (await audit(owner)).ok


async def test_what_was_redeemed_and_not_handed_over_is_handed_over(
    database: Database, keeper: Shopkeeper
) -> None:
    await keeper.live([joins(), buys(1, "700.00")])
    asked = redeems()
    body = RedemptionBody.model_validate(
        {
            "external_id": asked.external_id,
            "member": {"external_id": "1"},
            "reward": "coffee",
            "capture": True,
        }
    )
    await redeem(
        keeper.lend, keeper.versions, keeper.program_id, body,
        request_id=new_id(), author="x", now=NOON,
    )  # fmt: skip

    await keeper.live([asked])

    assert await redemptions(database, keeper) == [("coffee", "used", NOON)]


async def test_points_end_at_the_midnight_half_a_year_later(
    database: Database, keeper: Shopkeeper
) -> None:
    await keeper.live([joins()])
    last_day = datetime(2026, 9, 4, 23, tzinfo=ZONE)

    await keeper.see_midnight(last_day - timedelta(hours=23))
    before = await expired(database, keeper)
    await keeper.see_midnight(last_day + timedelta(hours=1))

    assert (before, await expired(database, keeper)) == (0, 100)


async def expired(database: Database, keeper: Shopkeeper) -> int:
    async with (
        database.connection() as connection,
        program_transaction(connection, keeper.program_id),
    ):
        found = await connection.execute(
            "SELECT coalesce(sum(points), 0)::bigint FROM transfer WHERE credit = 12"
        )
        ((points,),) = await found.fetchall()
        return int(points)


def test_a_household_that_goes_on_after_redeeming_begins_a_new_piece() -> None:
    day: list[Happening] = [
        joins(1), buys(1, "1.00", 1), redeems(1), buys(2, "1.00", 2), gives_back(1, 1),
        redeems(2), buys(3, "1.00", 1),
    ]  # fmt: skip

    assert list(pieces(day)) == [day[:4], day[4:6], day[6:]]
