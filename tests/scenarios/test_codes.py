"""Hard cases 39 and 54: a coupon that two carts want, and a gift card that many tills charge."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import httpx
import pytest

from tests.api.shop import Shop
from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

COUPONS = """
coupons:
  - {id: uno, kind: discount, amount: "5.00"}
  - {id: siete, kind: discount, amount: "1.00", uses: 7}
  - {id: primeros, kind: discount, percent: 10, uses: 5, code: PRIMEROS}
  - {id: dos, kind: points, give: {points: 50}, code: DOBLE, per_member: 2}
"""

ROUNDS = range(15)


@pytest.fixture
def shop(opens_shop) -> Shop:
    return opens_shop(CAFE_SOL + COUPONS)


def new_code(shop: Shop, coupon: str) -> str:
    made = shop.http.post("/coupons", json={"coupon": coupon, "count": 1}).json()
    (one,) = shop.http.get("/coupons", params={"batch": made["id"]}).json()["data"]
    code: str = one["code"]
    return code


def ask(shop: Shop, code: str, verb: str, **told: Any) -> httpx.Response:
    return shop.http.post(f"/coupons/{code}/{verb}", json=told)


def codes_of(answers: Sequence[httpx.Response]) -> set[str]:
    return {answer.json()["code"] for answer in answers if answer.status_code >= 400}


def all_at_once(
    shop: Shop, other_server: str, asked: Sequence[tuple[str, dict[str, Any]]]
) -> list[httpx.Response]:
    """Send different things at the same moment, half of them to each server."""
    urls, gate = (shop.url, other_server), Barrier(len(asked))

    def send(index: int) -> httpx.Response:
        path, body = asked[index]
        told = {"authorization": f"Bearer {shop.key}"}
        with httpx.Client(base_url=f"{urls[index % 2]}/v1", headers=told, timeout=60) as till:
            gate.wait()
            return till.post(path, json=body)

    with ThreadPoolExecutor(len(asked)) as tills:
        return list(tills.map(send, range(len(asked))))


def test_39_b_is_told_that_a_has_reserved_it_and_until_when(shop):
    code = new_code(shop, "uno")
    held = ask(shop, code, "reserve", cart="A", minutes=10).json()

    for verb in ("reserve", "redeem"):
        told = ask(shop, code, verb, cart="B")
        assert (told.status_code, told.json()["code"]) == (409, "coupon_reserved")
        assert told.json()["until"] == held["reserved_until"]
    assert ask(shop, code, "check", cart="B").json()["blocked_by"] == ["coupon_reserved"]
    assert ask(shop, code, "check", cart="A").json()["valid"] is True
    assert ask(shop, code, "redeem", cart="A").status_code == 200


def test_39_it_is_usable_after_the_reservation_ends(opens_shop):
    shop = opens_shop(CAFE_SOL + COUPONS, sandbox=True)
    shop.lives_at("2036-03-01T10:00:00Z")
    code = new_code(shop, "uno")
    ask(shop, code, "reserve", cart="A", minutes=15)

    shop.lives_at("2036-03-01T10:14:59Z")
    assert ask(shop, code, "redeem", cart="B").json()["code"] == "coupon_reserved"
    shop.lives_at("2036-03-01T10:15:00Z")

    assert ask(shop, code, "redeem", cart="B").status_code == 200
    assert ask(shop, code, "redeem", cart="A").json()["code"] == "coupon_used"


def test_39_cancel_a_redeem_in_b_reopen_a(shop):
    code = new_code(shop, "uno")
    ask(shop, code, "reserve", cart="A")

    ask(shop, code, "release", cart="A")
    assert ask(shop, code, "redeem", cart="B").status_code == 200

    for verb in ("reserve", "redeem"):
        told = ask(shop, code, verb, cart="A")
        assert (told.status_code, told.json()["code"]) == (409, "coupon_used")


@pytest.mark.parametrize("round_", ROUNDS)
def test_39_of_many_carts_at_once_one_has_the_coupon(shop, other_server, round_):
    code = new_code(shop, "uno")
    carts = [{"cart": f"C-{n}"} for n in range(8)]

    reserved = at_once(shop, other_server, carts, f"/coupons/{code}/reserve")
    assert statuses(reserved) == {200: 1, 409: 7}
    assert codes_of(reserved) == {"coupon_reserved"}

    redeemed = at_once(shop, other_server, carts, f"/coupons/{code}/redeem")
    assert statuses(redeemed) == {200: 1, 409: 7}
    assert codes_of(redeemed) <= {"coupon_reserved", "coupon_used"}
    winner = [answer.status_code for answer in reserved].index(200)
    assert redeemed[winner].status_code == 200


@pytest.mark.parametrize("round_", ROUNDS)
def test_39_sales_and_carts_at_once_use_a_coupon_once(shop, other_server, round_):
    shop.enrols("ana")
    code = new_code(shop, "uno")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/sales", shop.sale("10.00", to="ana" if n % 2 else None, coupons=[code]))
        for n in range(6)
    ]
    asked += [(f"/coupons/{code}/redeem", {"cart": f"C-{n}"}) for n in range(4)]

    answers = all_at_once(shop, other_server, asked)

    assert [answer.is_success for answer in answers].count(True) == 1
    assert codes_of(answers) == {"coupon_used"}
    sold = [answer for answer in answers[:6] if answer.status_code == 201]
    assert shop.balance("ana") == sum(10 for a in sold if a.json()["member"])
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("round_", ROUNDS)
def test_39_the_same_cart_many_times_at_once_uses_it_once(shop, other_server, round_):
    code = new_code(shop, "siete")

    answers = at_once(shop, other_server, [{"cart": "A"}] * 8, f"/coupons/{code}/redeem")

    assert statuses(answers) == {200: 8}
    assert len({answer.content for answer in answers}) == 1
    assert shop.http.get(f"/coupons/{code}").json()["used"] == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_39_seven_uses_are_seven_at_any_concurrency(shop, other_server, round_):
    code = new_code(shop, "siete")

    asked: list[tuple[str, dict[str, Any]]] = [
        (f"/coupons/{code}/redeem", {"cart": f"C-{n}"}) for n in range(6)
    ]
    asked += [("/sales", shop.sale("10.00", coupons=[code])) for _ in range(6)]
    answers = all_at_once(shop, other_server, asked)

    assert [answer.is_success for answer in answers].count(True) == 7
    assert codes_of(answers) == {"coupon_used"}
    assert shop.http.get(f"/coupons/{code}").json()["used"] == 7


@pytest.mark.parametrize("round_", range(10))
def test_39_the_first_to_use_a_shared_code_may_be_many(opens_shop, other_server, round_):
    shop = opens_shop(CAFE_SOL + COUPONS)

    asked: list[tuple[str, dict[str, Any]]] = [
        ("/sales", shop.sale("10.00", coupons=["primeros"])) for _ in range(10)
    ]
    answers = all_at_once(shop, other_server, asked)

    assert statuses(answers) == {201: 5, 409: 5}
    assert codes_of(answers) == {"coupon_used"}


@pytest.mark.parametrize("round_", range(10))
def test_39_one_member_has_two_and_another_two(shop, other_server, round_):
    for name in ("ana", "berta"):
        shop.enrols(name)

    asked: list[tuple[str, dict[str, Any]]] = []
    for n in range(4):
        for name in ("ana", "berta"):
            asked.append(("/sales", shop.sale("10.00", to=name, coupons=["DOBLE"])))
            told = {"cart": f"{name}-{n}", "member": {"external_id": name}}
            asked.append(("/coupons/DOBLE/redeem", told))
    answers = all_at_once(shop, other_server, asked)

    assert [answer.is_success for answer in answers].count(True) == 4
    assert codes_of(answers) == {"not_eligible"}
    for name in ("ana", "berta"):
        member = shop.members[name]
        mine = [a.json() for a in answers if a.is_success and a.json()["member"] == member]
        sold = sum("earned" in each for each in mine)
        assert (len(mine), shop.balance(name)) == (2, 2 * 50 + sold * 10)
    assert proof_of(shop.database_url).ok


def test_54_part_payment_and_part_refund_to_the_same_card(shop):
    card = shop.http.post("/gift-cards", json={"amount": "50.00"}).json()["code"]

    def moves(verb: str, amount: str, **told: Any) -> httpx.Response:
        return shop.http.post(f"/gift-cards/{card}/{verb}", json={"amount": amount, **told})

    assert moves("charge", "30.00", external_id="P-1").json()["balance"] == "20.00"
    assert moves("charge", "25.00").json()["code"] == "insufficient_balance"
    assert moves("refund", "10.00", charge="P-1").json()["balance"] == "30.00"
    assert moves("refund", "20.01", charge="P-1").json()["code"] == "over_returned"
    assert moves("charge", "25.00").json()["balance"] == "5.00"


@pytest.mark.parametrize("round_", ROUNDS)
def test_54_sums_hold_under_parallel_charges_and_refunds(shop, other_server, round_):
    card = shop.http.post("/gift-cards", json={"amount": "20.00"}).json()["code"]
    paid = shop.http.post(f"/gift-cards/{card}/charge", json={"amount": "9.00"}).json()

    asked: list[tuple[str, dict[str, Any]]] = []
    for n in range(8):
        told = {"amount": "3.10", "external_id": f"P-{n % 6}"}  # two come twice
        asked.append((f"/gift-cards/{card}/charge", told))
        asked.append((f"/gift-cards/{card}/refund", {"amount": "2.00", "charge": paid["id"]}))
    answers = all_at_once(shop, other_server, asked)

    assert codes_of(answers) <= {"insufficient_balance", "over_returned"}
    charged = {a.json()["id"] for a in answers[::2] if a.is_success}
    refunded = [a for a in answers[1::2] if a.is_success]
    assert len(refunded) == 4  # of 9.00 that were paid, four times 2.00 can come back
    told = shop.http.get(f"/gift-cards/{card}").json()
    expected = 20 - 9 - Decimal("3.10") * len(charged) + 2 * len(refunded)
    assert Decimal(told["balance"]) == expected >= 0
    assert Decimal(told["balance"]) == sum(
        Decimal(entry["amount"]) * (-1 if entry["kind"] == "charge" else 1)
        for entry in told["entries"]
    )
    assert len(told["entries"]) == 2 + len(charged) + len(refunded)
    assert proof_of(shop.database_url).ok
