"""What is foretold of one member, over HTTP."""

from __future__ import annotations

from uuid import uuid4

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

LOADING = 60.0  # what a forecast stands on is loaded with the first of them


def test_of_a_member_who_bought_once_in_a_small_shop_nothing_is_foretold_but_what_is_needed(shop):
    shop.enrols("ana")
    shop.sells("5.00", to="ana")

    told = foretold(shop, "ana")

    assert told["member"] == shop.members["ana"]
    assert told["purchases"] == 1
    assert [one["code"] for one in told["statements"]] == ["single_day"]
    assert told["risk"] is told["spend_expected"] is told["back_test"] is None
    assert told["next"] == []
    assert told["as_of"] is not None


def test_of_a_member_who_never_bought_that_is_said(shop):
    shop.enrols("ana")
    shop.enrols("berta")
    shop.sells("5.00", to="ana")

    told = foretold(shop, "berta")

    assert told["purchases"] == 0
    assert told["last_purchase"] is None
    assert [one["code"] for one in told["statements"]][-1] == "member_bought_nothing"


def test_a_member_of_another_shop_is_not_there(shop, opens_shop):
    rival = opens_shop(CAFE_SOL.replace("program: cafe-sol", "program: the-rival"))
    rival.enrols("berta")

    answer = shop.http.get(f"/members/{rival.members['berta']}/prediction")

    assert answer.status_code == 404
    assert shop.http.get(f"/members/{uuid4()}/prediction").status_code == 404


def foretold(shop: Shop, name: str) -> dict[str, object]:
    answer = shop.http.get(
        f"/members/{shop.members[name]}/prediction",
        headers={"accept-language": "en"},
        timeout=LOADING,
    )
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told
