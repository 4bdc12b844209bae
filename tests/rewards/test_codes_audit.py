"""The audit sees what constraints cannot: counters that are not what was done."""

from __future__ import annotations

import asyncio

import pytest

from fiel.platform.database import open_database
from tests.api.conftest import opens_shop, server
from tests.rewards.test_coupons import COUPONS, ask, code_of
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

__all__ = ["opens_shop", "server"]


@pytest.fixture
def shop(opens_shop):
    """A shop in which a card paid and took back, and coupons were used by a member."""
    shop = opens_shop(CAFE_SOL + COUPONS)
    shop.enrols("ana")
    card = shop.http.post("/gift-cards", json={"amount": "50.00"}).json()["code"]
    for verb, amount in (("charge", "20.00"), ("refund", "5.00")):
        shop.http.post(f"/gift-cards/{card}/{verb}", json={"amount": amount})
    ask(shop, code_of(shop, "tres"), "redeem", cart="A", member={"external_id": "ana"})
    assert proof_of(shop.database_url).ok
    return shop


def tampers(shop, statement):
    async def tamper():
        async with (
            open_database(shop.database_url, connections=1) as database,
            database.owner() as owner,
        ):
            await owner.execute(statement)

    asyncio.run(tamper())


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE gift_card SET charged = charged - 1 WHERE charged > 0", "gift card"),
        ("UPDATE gift_card_entry SET amount = amount + 1 WHERE kind = 'refund'", "gift card"),
        ("UPDATE coupon SET used = used + 1 WHERE used > 0", "coupon"),
        ("UPDATE coupon_count SET used = used + 1 WHERE used > 0", "coupons"),
        ("UPDATE coupon_use SET state = 'free' WHERE state = 'used'", "coupon"),
    ],
)
def test_a_counter_that_was_tampered_with_is_found(shop, statement, what):
    tampers(shop, statement)

    proof = proof_of(shop.database_url)

    assert not proof.ok
    assert any(each.what.startswith(what) for each in proof.differences)
