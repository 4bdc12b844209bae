"""What a member's page says: where she stands, what is near, what she has in hand."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from fiel.insights.member_page.belongings import belongings_of_member
from fiel.insights.member_page.offers import offers_for_member
from fiel.insights.member_page.standing import standing_of_member
from fiel.ledger.opening import Place
from fiel.ledger.scope import program_snapshot
from fiel.members.queries import member as find_member
from fiel.platform.database import open_database
from fiel.programs.versions import Versions
from tests.api.conftest import opens_shop, server, shop

__all__ = ["opens_shop", "server", "shop"]

DOCUMENT = """
program: cafe-sol
name: Café Sol
locale: en
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: points, value: "0.01", expiry: {after: 12 months}}
  stamps: {name: stamps, expiry: never}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: stamp, event: sale, give: {stamps: 1, per_item: true}, where: 'line.sku == "CAP"'}
milestones:
  - {id: card, of: stamps, every: 10, give: {reward: coffee}}
  - {id: hundred, of: spend, at: "100.00", give: {points: 50}}
tiers:
  by: spend
  window: 12 months
  downgrade: never
  levels: [{id: bronze, from: 0}, {id: silver, from: 200}]
rewards:
  - {id: trip, kind: event, price: {points: 400}}
  - {id: coffee, kind: product, price: {points: 20}, stock: 5}
  - {id: five, kind: discount, amount: "5.00", price: {points: 100}}
  - {id: gift, kind: product}
  - {id: card-20, kind: gift_card, amount: "20.00", price: {points: 10}}
coupons:
  - {id: summer, kind: discount, percent: 10, code: SUMMER}
  - {id: past, kind: discount, percent: 10, code: PAST, when: {from: 2020-01-01, to: 2020-01-02}}
pay_with_points: {unit: points, min: 10, step: 1, max_share: 100}
"""


@pytest.fixture
def cafe(opens_shop):
    return opens_shop(DOCUMENT)


def read(shop, member, work):
    """Read with the services in a transaction, as a page does."""

    async def run():
        versions = Versions()
        async with (
            open_database(shop.database_url, connections=1) as database,
            database.connection() as connection,
            program_snapshot(connection, shop.program_id),
        ):
            published = await versions.in_force(connection, shop.program_id)
            found = await find_member(connection, shop.program_id, UUID(shop.members[member]))
            return await work(connection, versions, published, found, datetime.now(UTC))

    with ThreadPoolExecutor() as another_thread:
        return another_thread.submit(asyncio.run, run()).result()


def standing(shop, member):
    async def work(connection, versions, published, found, now):
        place = Place(published.program_id, found.shard)
        return await standing_of_member(
            connection, published.program, found, place, now=now, language="en"
        )

    return read(shop, member, work)


def belongings(shop, member):
    async def work(connection, versions, published, found, now):
        return await belongings_of_member(
            connection, versions, published, found, now=now, language="en"
        )

    return read(shop, member, work)


def offers(shop, member):
    async def work(connection, versions, published, found, now):
        return await offers_for_member(
            connection, published.program_id, published.program, found.id, now=now, language="en"
        )

    return read(shop, member, work)


def buys(shop, member, price, *, quantity=1, sku="TEA"):
    line = {"sku": sku, "quantity": quantity, "unit_price": price}
    told = {"member": shop.members[member], "lines": [line]}
    assert shop.http.post("/sales", json=told).status_code == 201


def test_a_stamp_card_shows_its_full_fields_and_the_way_is_counted(cafe):
    cafe.enrols("ana")
    buys(cafe, "ana", "2.50", quantity=7, sku="CAP")

    found = standing(cafe, "ana")

    card, hundred = found.ways
    assert (card.id, card.unit, card.stamps) == ("card", "stamps", (True,) * 7 + (False,) * 3)
    assert (card.missing, card.percent) == ("3 stamps", 70)
    assert (hundred.missing, hundred.percent, hundred.stamps) == ("€82.50", 17, ())
    assert found.tier is not None
    assert (found.tier.name, found.tier.next_name, found.tier.missing, found.tier.percent) == (
        "bronze",
        "silver",
        "€182.50",
        8,
    )
    points, stamps = found.units
    assert (points.available, points.worth, stamps.available, stamps.worth) == (17, "€0.17", 7, "")


def test_a_level_that_is_reached_lies_ahead_no_more(cafe):
    cafe.enrols("ana")
    buys(cafe, "ana", "250.00")

    found = standing(cafe, "ana")

    assert [way.id for way in found.ways] == ["card"]
    assert found.tier is not None
    assert (found.tier.name, found.tier.next_name, found.tier.percent) == ("silver", "", 100)


def test_rewards_stand_by_how_near_they_are_and_gifts_are_not_for_sale(cafe):
    cafe.enrols("ana")
    buys(cafe, "ana", "50.00")

    found = offers(cafe, "ana")

    assert [(offer.id, offer.can_be_had, offer.percent) for offer in found] == [
        ("coffee", True, 100),
        ("card-20", True, 100),
        ("five", False, 50),
        ("trip", False, 12),
    ]
    assert (found[0].stock_left, found[2].missing) == (5, "50 points")


def test_what_is_in_hand_is_told_by_what_it_is(cafe):
    cafe.enrols("ana")
    buys(cafe, "ana", "150.00")
    for told in ({"reward": "coffee"}, {"reward": "five", "capture": True}):
        body = {"member": cafe.members["ana"], **told}
        assert cafe.http.post("/redemptions", json=body).status_code == 201
    body = {"member": cafe.members["ana"], "reward": "card-20", "capture": True}
    card = cafe.http.post("/redemptions", json=body).json()["code"]

    found = belongings(cafe, "ana")

    assert {(had.name, str(had.status), bool(had.code)) for had in found.open} == {
        ("coffee", "held", False),
        ("five", "captured", True),
    }
    assert [(each.code, each.balance) for each in found.cards] == [(card, "€20.00")]
    assert [coupon.code for coupon in found.coupons] == ["SUMMER"]
    assert found.past == ()
