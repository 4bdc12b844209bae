"""Rewards over HTTP: the catalogue, redeeming, and what may follow."""

from __future__ import annotations

import pytest

from tests.api.rewards import REWARDS, redeemed, refused, then
from tests.support.proof import proof_of


@pytest.fixture
def cafe(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    yield shop
    assert proof_of(shop.database_url).differences == []


def held(shop, name):
    return shop.http.get(f"/members/{shop.members[name]}/balances").json()["balances"]["points"]


def test_a_reward_captured_at_once_takes_its_points_and_gives_a_code(cafe):
    cafe.sells("60.00", to="ana")

    made = redeemed(cafe, "ana", "cafe-gratis", capture=True, external_id="C-1")

    assert (made["status"], made["spent"], made["expires_at"]) == ("captured", {"points": 50}, None)
    assert made["name"] == "Café gratis"
    assert len(made["code"]) == 9
    assert made["balances"]["points"]["available"] == 10
    assert cafe.http.get(f"/redemptions/{made['id']}").json() == made


def test_a_reward_is_held_until_it_is_captured(cafe):
    cafe.sells("60.00", to="ana")

    made = redeemed(cafe, "ana", "cafe-gratis")
    assert (made["status"], made["code"]) == ("held", None)
    assert (held(cafe, "ana")["available"], held(cafe, "ana")["held"]) == (10, 50)

    captured = then(cafe, made, "capture")
    assert captured.status_code == 200
    assert (captured.json()["status"], len(captured.json()["code"])) == ("captured", 9)
    assert (held(cafe, "ana")["available"], held(cafe, "ana")["held"]) == (10, 0)


@pytest.mark.parametrize("capture", [False, True])
def test_what_is_cancelled_comes_back_whole(cafe, capture):
    cafe.sells("60.00", to="ana")
    made = redeemed(cafe, "ana", "cafe-gratis", capture=capture)

    cancelled = then(cafe, made, "cancel")

    assert cancelled.status_code == 200
    assert (cancelled.json()["status"], cancelled.json()["restored"]) == (
        "cancelled", {"points": 50},
    )  # fmt: skip
    assert cafe.balance("ana") == 60
    assert refused(then(cafe, made, "cancel")) == (409, "already_cancelled")
    assert refused(then(cafe, made, "capture")) == (409, "already_cancelled")
