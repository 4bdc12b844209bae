"""Points that a person gives or takes."""

from __future__ import annotations

import pytest

from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of


def adjusts(shop, points, **told):
    body = {"member": shop.members["ana"], "points": points, "reason": "una disculpa"}
    return shop.http.post("/adjustments", json=body | told)


def test_points_are_given_with_a_reason_and_an_author(shop):
    shop.enrols("ana")

    answer = adjusts(shop, 30, author="Berta")

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["points"], told["reason"], told["author"]) == (30, "una disculpa", "Berta")
    assert told["balances"]["points"]["available"] == 30
    assert told["balances"]["points"]["lifetime"] == 0
    assert shop.balance("ana") == 30
    assert proof_of(shop.database_url).ok


def test_points_are_taken_and_no_more_than_there_are(shop):
    shop.enrols("ana")
    shop.sells("50.00", to="ana")

    assert adjusts(shop, -20).json()["balances"]["points"]["available"] == 30
    refused = adjusts(shop, -31)

    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")
    assert (refused.json()["available"], refused.json()["requested"]) == (30, 31)
    assert shop.balance("ana") == 30
    assert proof_of(shop.database_url).ok


def test_the_same_adjustment_twice_counts_once_and_another_under_its_name_is_refused(shop):
    shop.enrols("ana")

    first = adjusts(shop, 30, external_id="A-1")
    again = adjusts(shop, 30, external_id="A-1")
    other = adjusts(shop, 40, external_id="A-1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert other.json()["code"] == "external_id_reused"
    assert shop.balance("ana") == 30


def test_a_day_can_be_named_on_which_the_points_end(shop):
    shop.enrols("ana")

    answer = adjusts(shop, 30, expires_at="2099-12-31T23:00:00Z")

    expiring = answer.json()["balances"]["points"]["expiring"]
    assert expiring == [{"points": 30, "at": "2099-12-31T23:00:00Z"}]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": 1.5}, "points"),
        ({"reason": ""}, "reason"),
        ({"unit": "estrellas"}, "unit"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_what_is_wrong_is_named(shop, told, field):
    shop.enrols("ana")

    answer = adjusts(shop, **({"points": 10} | told))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert shop.balance("ana") == 0


def test_an_adjustment_needs_the_scope_manage(shop):
    shop.enrols("ana")
    key = shop.makes_key(("read", "till"))
    body = {"member": shop.members["ana"], "points": 5, "reason": "x"}

    assert shop.caller(key).post("/adjustments", json=body).status_code == 403


def test_a_unit_left_out_is_points_where_there_are_several(opens_shop):
    shop = opens_shop(CAFE_SOL.replace("units:", "units:\n  stamps: {name: sellos, expiry: never}"))
    shop.enrols("ana")

    answer = adjusts(shop, 30)

    assert (answer.status_code, answer.json().get("unit")) == (201, "points"), answer.text
    assert adjusts(shop, 2, unit="stamps").json()["unit"] == "stamps"
