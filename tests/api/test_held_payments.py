"""Points that a redemption holds pay a sale, once, and come back with it."""

from __future__ import annotations

import pytest

from tests.api.rewards import REWARDS, redeemed, refused, then
from tests.scenarios.tills import at_once, statuses
from tests.support.proof import proof_of


@pytest.fixture
def cafe(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    shop.sells("1000.00", to="ana")
    yield shop
    assert proof_of(shop.database_url).differences == []


def holds(shop, points=500, name="ana"):
    return redeemed(shop, name, points_payment={"unit": "points", "points": points})


def paying(shop, held, price="50.00", to="ana", **told):
    return shop.http.post(
        "/sales", json=shop.sale(price, to=to, points_payment={"redemption": held["id"], **told})
    )


def account(shop, name="ana"):
    told = shop.http.get(f"/members/{shop.members[name]}/balances").json()["balances"]["points"]
    return told["available"], told["held"]


def test_held_points_pay_a_sale(cafe):
    held = holds(cafe)
    assert account(cafe) == (500, 500)

    sold = paying(cafe, held)

    assert sold.status_code == 201, sold.text
    assert (sold.json()["spent"]["points"], sold.json()["earned"]["points"]) == (500, 45)
    assert account(cafe) == (545, 0)
    row = cafe.http.get(f"/redemptions/{held['id']}").json()
    assert (row["status"], row["sale"]) == ("captured", sold.json()["id"])


def test_what_paid_a_sale_comes_back_with_the_sale_and_not_before(cafe):
    held = holds(cafe)
    sold = paying(cafe, held).json()

    assert refused(then(cafe, held, "cancel")) == (409, "already_captured")
    returned = cafe.http.post(f"/sales/{sold['id']}/returns", json={"full": True})

    assert returned.json()["restored"]["points"] == 500
    assert account(cafe) == (1000, 0)


def test_what_is_held_pays_only_once(cafe):
    held = holds(cafe)
    assert paying(cafe, held).status_code == 201

    assert refused(paying(cafe, held)) == (409, "already_captured")


def test_of_two_sales_of_one_batch_the_first_is_paid(cafe):
    held = holds(cafe)
    payment = {"redemption": held["id"]}
    sales = [cafe.sale("50.00", to="ana", points_payment=payment) for _ in range(2)]

    results = cafe.http.post("/sales/batch", json={"sales": sales}).json()["results"]

    assert [result["status"] for result in results] == [201, 409]
    assert account(cafe) == (545, 0)


def test_a_quote_of_it_holds_on(cafe):
    held = holds(cafe)
    body = cafe.sale("50.00", to="ana", points_payment={"redemption": held["id"]})

    quoted = cafe.http.post("/quotes", json=body)

    assert quoted.json()["spent"]["points"] == 500
    assert account(cafe) == (500, 500)


def test_only_what_the_member_holds_for_it_pays(cafe):
    cafe.enrols("berta")
    held, coffee = holds(cafe), redeemed(cafe, "ana", "cafe-gratis")
    cancelled = holds(cafe, 100)
    then(cafe, cancelled, "cancel")
    nothing = {"id": "018f0000-0000-7000-8000-000000000000"}

    assert refused(paying(cafe, held, to="berta")) == (404, "not_found")
    assert refused(paying(cafe, nothing)) == (404, "not_found")
    assert refused(paying(cafe, coffee)) == (422, "invalid")
    assert refused(paying(cafe, held, unit="points", points=400)) == (422, "invalid")
    assert refused(paying(cafe, cancelled)) == (409, "already_cancelled")
    assert refused(paying(cafe, held, price="4.99")) == (422, "invalid")  # worth more than it
    assert account(cafe) == (450, 550)


@pytest.mark.parametrize(
    "payment", [{}, {"unit": "points"}, {"points": 100}, {"redemption": "no"}, {"redemption": 1}]
)
def test_a_payment_says_what_pays(cafe, payment):
    body = cafe.sale("50.00", to="ana", points_payment=payment)

    assert refused(cafe.http.post("/sales", json=body)) == (422, "invalid")


def test_what_is_held_cannot_be_held_again(cafe):
    held = holds(cafe)
    body = {"member": cafe.members["ana"], "points_payment": {"redemption": held["id"]}}

    assert refused(cafe.http.post("/redemptions", json=body)) == (422, "invalid")


@pytest.mark.parametrize("round_", range(5))
def test_many_sales_at_once_want_the_same_hold(cafe, round_):
    held = holds(cafe)
    payment = {"redemption": held["id"]}
    bodies = [cafe.sale("50.00", to="ana", points_payment=payment) for _ in range(10)]

    answers = at_once(cafe, cafe.url, bodies)

    assert statuses(answers) == {201: 1, 409: 9}
    assert account(cafe) == (545, 0)
