"""Coupons that come with a sale: all of them are used by it, or there is no sale."""

from __future__ import annotations

import pytest

from tests.api.conftest import opens_shop, server
from tests.rewards.test_coupons import COUPONS, ask, code_of, lines, refusal
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

__all__ = ["opens_shop", "server"]


@pytest.fixture
def shop(opens_shop):
    return opens_shop(CAFE_SOL + COUPONS)


def sells(shop, codes, price="30.00", **told):
    return shop.http.post("/sales", json=shop.sale(price, coupons=codes, **told))


def test_a_sale_uses_its_coupons_and_tells_what_they_take_off(shop):
    code = code_of(shop, "bienvenida")

    sold = sells(shop, [code.lower()])

    (told,) = sold.json()["coupons"]
    assert (told["code"], told["coupon"], told["discount"]) == (code, "bienvenida", "5.00")
    assert (sold.json()["net"], sold.json()["gross"]) == ("30.00", "30.00")
    assert shop.http.get(f"/sales/{sold.json()['id']}").json()["coupons"] == [told]
    assert refusal(sells(shop, [code])) == (409, "coupon_used")
    assert refusal(ask(shop, code, "redeem", cart="A")) == (409, "coupon_used")


def test_the_same_sale_again_is_answered_the_same(shop):
    body = shop.sale("30.00", coupons=[code_of(shop, "bienvenida")])

    first = shop.http.post("/sales", json=body)
    again = shop.http.post("/sales", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_one_coupon_that_cannot_be_had_refuses_the_sale_and_leaves_the_others(shop):
    shop.enrols("ana")
    good, used = code_of(shop, "tres"), code_of(shop, "tres")
    for cart in "ABC":
        ask(shop, used, "redeem", cart=cart)

    refused = sells(shop, [good, used], to="ana")

    assert refusal(refused) == (409, "coupon_used")
    assert [error["field"] for error in refused.json()["errors"]] == ["coupons[1]"]
    assert shop.http.get(f"/coupons/{good}").json()["used"] == 0
    assert shop.balance("ana") == 0


def test_coupons_that_do_not_stack_are_refused_together(shop):
    code = code_of(shop, "bienvenida")

    refused = sells(shop, [code, "UNICO"])

    assert (refusal(refused), refused.json()["blocked_by"]) == ((409, "not_eligible"), ["stack"])
    assert sells(shop, [code_of(shop, "tres"), "UNICO"]).status_code == 201


def test_several_discounts_never_come_to_more_than_the_goods(shop):
    sold = sells(shop, [code_of(shop, "tres"), code_of(shop, "tres")], price="1.50").json()

    assert [coupon["discount"] for coupon in sold["coupons"]] == ["1.00", "0.50"]


def test_the_same_coupon_twice_is_no_sale(shop):
    code = code_of(shop, "tres")

    refused = sells(shop, [code, code.lower()])

    assert refusal(refused) == (422, "invalid")
    assert [error["field"] for error in refused.json()["errors"]] == ["coupons[1]"]


def test_a_code_that_nobody_made_is_not_found_at_its_place(shop):
    refused = sells(shop, ["NADA"])

    assert refusal(refused) == (404, "not_found")
    assert refused.json()["errors"][0]["field"] == "coupons[0]"


@pytest.mark.parametrize(
    ("code", "why"), [("GRANDE", "min_spend"), ("SOCIOS", "member"), ("MITAD", "where")]
)
def test_conditions_are_judged_by_the_sale(shop, code, why):
    refused = sells(shop, [code], price="10.00")

    assert (refusal(refused), refused.json()["blocked_by"]) == ((409, "not_eligible"), [why])


def test_what_a_member_has_bought_counts_before_the_sale(shop):
    shop.enrols("ana")

    assert refusal(sells(shop, ["PLATA"], price="100.00", to="ana")) == (409, "not_eligible")
    shop.sells("100.00", to="ana")
    assert (
        sells(shop, ["PLATA"], price="100.00", to="ana").json()["coupons"][0]["discount"] == "5.00"
    )


def test_a_quote_tells_the_discount_and_uses_nothing(shop):
    code = code_of(shop, "bienvenida")

    quoted = shop.http.post("/quotes", json=shop.sale("30.00", coupons=[code, "VERANO-10"]))
    assert refusal(quoted) == (409, "not_eligible")
    quoted = shop.http.post("/quotes", json=shop.sale("30.00", coupons=[code]))

    assert quoted.json()["coupons"][0]["discount"] == "5.00"
    assert shop.http.get(f"/coupons/{code}").json()["status"] == "active"


def test_the_cart_that_reserved_is_the_one_that_sells(shop):
    code = code_of(shop, "bienvenida")
    ask(shop, code, "reserve", cart="A")

    assert refusal(sells(shop, [code])) == (409, "coupon_reserved")
    assert sells(shop, [code], cart="A").status_code == 201


def test_what_was_redeemed_at_the_checkout_is_told_with_its_sale(shop):
    code = code_of(shop, "bienvenida")
    ask(shop, code, "redeem", cart="A")

    sold = sells(shop, [code], cart="A")

    assert sold.json()["coupons"][0]["discount"] == "5.00"
    assert ask(shop, code, "redeem", cart="A").json()["sale"] == sold.json()["id"]
    assert refusal(sells(shop, [code], cart="A")) == (409, "coupon_used")
    assert shop.http.get(f"/coupons/{code}").json()["used"] == 1


def test_what_was_redeemed_under_an_external_id_stays_so_once_it_has_its_sale(shop):
    shop.enrols("ana")
    told = {"cart": "A", "external_id": "X-1"}
    ask(shop, "UNICO", "redeem", **told)

    sold = sells(shop, ["UNICO"], cart="A", to="ana").json()

    assert ask(shop, "UNICO", "redeem", **told).json()["sale"] == sold["id"]
    assert refusal(sells(shop, ["UNICO"], to="ana")) == (409, "not_eligible")
    assert proof_of(shop.database_url).ok


def test_points_that_were_given_at_the_checkout_do_not_come_again_with_a_sale(shop):
    shop.enrols("ana")
    code = code_of(shop, "puntos")
    ask(shop, code, "redeem", cart="A", member={"external_id": "ana"})

    assert refusal(sells(shop, [code], cart="A", to="ana")) == (409, "coupon_used")
    assert shop.balance("ana") == 50


def test_each_sale_of_a_batch_has_its_own_coupons(shop):
    code = code_of(shop, "bienvenida")
    bodies = [shop.sale("10.00", coupons=[code]), shop.sale("10.00", coupons=[code])]

    results = shop.http.post("/sales/batch", json={"sales": bodies}).json()["results"]

    assert [result["status"] for result in results] == [201, 409]
    assert results[1]["problem"]["code"] == "coupon_used"


def test_points_of_a_coupon_come_with_the_sale_and_go_with_it(shop):
    shop.enrols("ana")
    code = code_of(shop, "puntos")

    sold = sells(shop, [code], price="10.00", to="ana").json()

    assert sold["coupons"][0]["points"] == {"points": 50}
    assert (sold["earned"], shop.balance("ana")) == ({"points": 10}, 60)
    assert sold["balances"]["points"]["available"] == 60
    assert proof_of(shop.database_url).ok

    back = shop.http.post(f"/sales/{sold['id']}/returns", json={"full": True})

    assert back.json()["reversed"] == {"points": 60}
    assert shop.balance("ana") == 0
    assert ask(shop, code, "check", member={"external_id": "ana"}).json()["valid"] is True
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("way", ["returns", "cancel"])
def test_a_sale_that_comes_back_whole_frees_its_coupons(shop, way):
    shop.enrols("ana")
    code = code_of(shop, "bienvenida")
    sold = sells(shop, [code], to="ana").json()

    body = {"full": True} if way == "returns" else {}
    assert shop.http.post(f"/sales/{sold['id']}/{way}", json=body).status_code in (200, 201)

    assert shop.http.get(f"/coupons/{code}").json()["status"] == "active"
    assert sells(shop, [code], to="ana").status_code == 201


def test_a_part_that_comes_back_frees_no_coupon(shop):
    code = code_of(shop, "bienvenida")
    body = shop.sale("0", coupons=[code], lines=lines(("X", "te", 2, "10.00")))
    sold = shop.http.post("/sales", json=body).json()

    for _ in range(2):
        assert shop.http.get(f"/coupons/{code}").json()["status"] == "used"
        returned = {"lines": [{"line": 1, "quantity": 1}]}
        shop.http.post(f"/sales/{sold['id']}/returns", json=returned)

    assert shop.http.get(f"/coupons/{code}").json()["status"] == "active"


def test_a_freed_coupon_counts_no_more_for_its_member(shop):
    shop.enrols("ana")
    sold = sells(shop, ["UNICO"], to="ana").json()
    assert refusal(sells(shop, ["UNICO"], to="ana")) == (409, "not_eligible")

    shop.http.post(f"/sales/{sold['id']}/returns", json={"full": True})

    assert sells(shop, ["UNICO"], to="ana").status_code == 201
    assert refusal(sells(shop, ["UNICO"], to="ana")) == (409, "not_eligible")
