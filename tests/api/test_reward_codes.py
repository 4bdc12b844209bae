"""What is redeemed as a coupon or a gift card: used with a sale, and taken back with the rest."""

from __future__ import annotations

import pytest

from tests.api.rewards import REWARDS, redeemed, redeems, refused, then
from tests.support.proof import proof_of

CODES = REWARDS.replace(
    "pay_with_points:",
    """  - {id: dto-5, kind: discount, amount: "5.00", price: {points: 10}, valid: 30 days}
  - {id: dto-10pct, kind: discount, percent: 10, price: {points: 10}}
  - {id: vale, kind: voucher, amount: "3.00", price: {points: 10}}
  - {id: tarjeta-20, kind: gift_card, amount: "20.00", price: {points: 20}}
pay_with_points:""",
)


@pytest.fixture
def cafe(opens_shop):
    shop = opens_shop(CODES)
    shop.enrols("ana")
    shop.sells("100.00", to="ana")
    yield shop
    assert proof_of(shop.database_url).differences == []


def till_of(shop):
    return shop.caller(shop.makes_key(["read", "till"]))


def selling(shop, *codes):
    body = shop.sale("50.00", to="ana", coupons=list(codes))
    return shop.http.post("/sales", json=body)


def taken_off(sold):
    return [coupon["discount"] for coupon in sold.json()["coupons"]]


def status_of(shop, made):
    return shop.http.get(f"/redemptions/{made['id']}").json()["status"]


@pytest.mark.parametrize(
    ("reward", "off"), [("dto-5", "5.00"), ("dto-10pct", "5.00"), ("vale", "3.00")]
)
def test_a_discount_is_a_coupon_of_one_use_that_tells_a_sale_what_it_takes_off(cafe, reward, off):
    made = redeemed(cafe, "ana", reward, capture=True)
    assert made["code_kind"] == "coupon"

    sold = selling(cafe, made["code"])

    assert (sold.status_code, taken_off(sold)) == (201, [off])
    assert status_of(cafe, made) == "used"
    assert refused(selling(cafe, made["code"])) == (409, "coupon_used")


def test_several_discounts_of_an_amount_are_one_coupon_of_all_of_them(cafe):
    made = redeemed(cafe, "ana", "dto-5", quantity=3, capture=True)

    assert made["spent"] == {"points": 30}
    assert taken_off(selling(cafe, made["code"])) == ["15.00"]


def test_a_percentage_is_redeemed_one_at_a_time(cafe):
    assert refused(redeems(cafe, "ana", "dto-10pct", quantity=2)) == (422, "invalid")


def test_a_cancelled_discount_takes_nothing_off_any_more(cafe):
    made = redeemed(cafe, "ana", "dto-5", capture=True)

    with till_of(cafe) as till:
        assert till.post(f"/redemptions/{made['id']}/cancel").status_code == 200

    assert cafe.balance("ana") == 100
    assert selling(cafe, made["code"]).status_code in (404, 409)


def test_a_used_discount_is_undone_only_by_a_key_that_manages(cafe):
    made = redeemed(cafe, "ana", "dto-5", capture=True)
    selling(cafe, made["code"])
    before = cafe.balance("ana")

    with till_of(cafe) as till:
        assert refused(till.post(f"/redemptions/{made['id']}/cancel")) == (403, "forbidden")
    assert cafe.balance("ana") == before

    assert then(cafe, made, "cancel").json()["restored"] == {"points": 10}
    assert cafe.balance("ana") == before + 10


def test_a_coupon_is_used_with_a_sale_and_not_at_the_counter(cafe):
    made = redeemed(cafe, "ana", "dto-5", capture=True)
    held = redeemed(cafe, "ana", "dto-5")

    assert refused(then(cafe, made, "use")) == (422, "invalid")
    assert refused(then(cafe, held, "use")) == (422, "invalid")
    assert refused(cafe.http.post(f"/redemption-codes/{made['code']}/use")) == (404, "not_found")
    assert status_of(cafe, held) == "held"


def test_a_gift_card_has_its_amount_and_pays(cafe):
    made = redeemed(cafe, "ana", "tarjeta-20", quantity=2, capture=True)

    card = cafe.http.get(f"/gift-cards/{made['code']}").json()

    assert (made["code_kind"], made["spent"], card["balance"]) == (
        "gift_card", {"points": 40}, "40.00",
    )  # fmt: skip


def test_a_gift_card_is_taken_back_with_its_redemption(cafe):
    made = redeemed(cafe, "ana", "tarjeta-20", capture=True)

    with till_of(cafe) as till:
        assert till.post(f"/redemptions/{made['id']}/cancel").status_code == 200

    assert cafe.http.get(f"/gift-cards/{made['code']}").json()["balance"] == "0.00"
    assert cafe.balance("ana") == 100


def test_a_gift_card_that_has_paid_is_taken_back_only_by_a_key_that_manages(cafe):
    made = redeemed(cafe, "ana", "tarjeta-20", capture=True)
    paid = cafe.http.post(f"/gift-cards/{made['code']}/charge", json={"amount": "5.00"})
    assert paid.status_code == 201, paid.text
    assert status_of(cafe, made) == "used"

    with till_of(cafe) as till:
        assert refused(till.post(f"/redemptions/{made['id']}/cancel")) == (403, "forbidden")
    assert cafe.http.get(f"/gift-cards/{made['code']}").json()["balance"] == "15.00"

    assert then(cafe, made, "cancel").status_code == 200
    assert cafe.http.get(f"/gift-cards/{made['code']}").json()["balance"] == "0.00"
    assert cafe.balance("ana") == 100


def test_a_coupon_is_checked_without_a_word_about_the_cart(cafe):
    made = redeemed(cafe, "ana", "dto-5", capture=True)

    told = cafe.http.post(f"/coupons/{made['code']}/check")

    assert (told.status_code, told.json()["valid"]) == (200, True), told.text
