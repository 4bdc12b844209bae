"""Points that pay a part of a sale, to the cent."""

from __future__ import annotations

import pytest

from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

PAYING = CAFE_SOL + "pay_with_points: {unit: points, min: 100, step: 50, max_share: 60}\n"


@pytest.fixture
def shop(opens_shop):
    return opens_shop(PAYING)


def with_points(points):
    return {"points_payment": {"unit": "points", "points": points}}


def rich(shop):
    shop.enrols("ana")
    shop.sells("5000.00", to="ana")


def test_what_points_pay_earns_nothing(shop):
    rich(shop)

    sold = shop.sells("50.00", to="ana", **with_points(1000))

    assert sold["spent"] == {"points": 1000}
    assert sold["earned"] == {"points": 40}
    assert (sold["net"], sold["gross"]) == ("50.00", "50.00")
    assert sold["balances"]["points"]["available"] == 5000 - 1000 + 40
    assert proof_of(shop.database_url).ok


def test_a_quote_tells_the_same_and_takes_nothing(shop):
    rich(shop)

    quoted = shop.http.post("/quotes", json=shop.sale("50.00", to="ana", **with_points(1000)))

    assert quoted.status_code == 200, quoted.text
    assert (quoted.json()["spent"], quoted.json()["earned"]) == ({"points": 1000}, {"points": 40})
    assert shop.balance("ana") == 5000


def test_a_sale_cannot_pay_itself_with_what_it_earns(shop):
    shop.enrols("ana")

    answer = shop.http.post("/sales", json=shop.sale("1000.00", to="ana", **with_points(100)))

    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_points")
    assert shop.balance("ana") == 0


@pytest.mark.parametrize(
    ("points", "code", "field"),
    [
        (50, "too_few", "points_payment.points"),
        (120, "step", "points_payment.points"),
        (3050, "too_many", "points_payment.points"),
    ],
)
def test_a_payment_that_the_program_does_not_allow_says_why(shop, points, code, field):
    rich(shop)

    answer = shop.http.post("/sales", json=shop.sale("50.00", to="ana", **with_points(points)))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert shop.balance("ana") == 5000


def test_a_sale_without_a_member_cannot_be_paid_with_points(shop):
    answer = shop.http.post("/sales", json=shop.sale("50.00", **with_points(100)))

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["member"]


@pytest.mark.parametrize("round_", range(10))
def test_34_the_same_points_pay_once(shop, other_server, round_):
    shop.enrols("ana")
    shop.sells("100.00", to="ana")
    bodies = [shop.sale("50.00", to="ana", **with_points(100)) for _ in range(10)]

    answers = at_once(shop, other_server, bodies)

    assert statuses(answers) == {201: 1, 409: 9}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"insufficient_points"}
    assert shop.balance("ana") == 49
    assert proof_of(shop.database_url).ok
