"""Coupons that rewards give: one use, for the member who redeemed."""

from __future__ import annotations

import pytest

from tests.api.conftest import opens_shop, server
from tests.rewards.test_coupons import ask, refusal
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

__all__ = ["opens_shop", "server"]

REWARDS = """
rewards:
  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 10}, valid: 30 days}
  - {id: dto-10pct, kind: discount, percent: 10, price: {points: 10}}
"""


@pytest.fixture
def shop(opens_shop):
    shop = opens_shop(CAFE_SOL + REWARDS)
    for name in ("ana", "berta", "carla"):
        shop.enrols(name)
    shop.sells("100.00", to="ana")
    return shop


def redeems(shop, reward, name="ana"):
    body = {"member": shop.members[name], "reward": reward, "capture": True}
    answer = shop.http.post("/redemptions", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(("reward", "discount"), [("dto-5", "5.00"), ("dto-10pct", "3.00")])
def test_a_redeemed_discount_is_used_with_a_sale(shop, reward, discount):
    code = redeems(shop, reward)["code"]
    body = shop.sale("30.00", to="ana", coupons=[code])

    sold = shop.http.post("/sales", json=body).json()

    assert sold["coupons"][0]["discount"] == discount
    assert refusal(ask(shop, code, "redeem", cart="B")) == (409, "coupon_used")
    assert proof_of(shop.database_url).ok


def test_it_is_not_anothers_and_follows_whoever_was_merged(shop):
    code = redeems(shop, "dto-5")["code"]

    told = ask(shop, code, "check", member={"external_id": "berta"}).json()
    assert told["blocked_by"] == ["other_member"]

    ana, berta = shop.members["ana"], shop.members["berta"]
    assert shop.http.post(f"/members/{ana}/merge", json={"into": berta}).is_success

    for name, is_valid in (("ana", True), ("berta", True), ("carla", False)):
        told = ask(shop, code, "check", member=shop.members[name]).json()
        assert told["valid"] is is_valid
    assert ask(shop, code, "redeem", cart="A", member=berta).status_code == 200


def test_a_cancelled_redemption_withdraws_its_coupon(shop):
    redemption = redeems(shop, "dto-5")
    ask(shop, redemption["code"], "reserve", cart="A")

    assert shop.http.post(f"/redemptions/{redemption['id']}/cancel").is_success

    refused = ask(shop, redemption["code"], "redeem", cart="A")
    assert refusal(refused) == (409, "coupon_cancelled")
    assert shop.balance("ana") == 100
