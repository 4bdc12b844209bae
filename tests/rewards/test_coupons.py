"""Coupons at a checkout: what they give, to whom, and once."""

from __future__ import annotations

import pytest

from fiel.rewards.codes import new_code
from tests.api.conftest import opens_shop, server
from tests.api.shop import Shop
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

__all__ = ["opens_shop", "server"]

COUPONS = """
coupons:
  - {id: bienvenida, kind: discount, amount: "5.00"}
  - {id: diez, kind: discount, percent: 10, code: VERANO-10}
  - {id: mitad, kind: discount, percent: 50, where: 'line.category == "cafe"', code: MITAD}
  - {id: tres, kind: discount, amount: "1.00", uses: 3, stack: true}
  - {id: cada-uno, kind: discount, amount: "1.00", code: UNICO, per_member: 1, stack: true}
  - {id: grande, kind: discount, amount: "5.00", min_spend: "20.00", code: GRANDE}
  - {id: cafe, kind: product, sku: CAP-01, code: CAFE}
  - {id: puntos, kind: points, give: {points: 50}}
  - {id: socios, kind: discount, percent: 5, members_only: true, code: SOCIOS}
  - {id: ayer, kind: discount, percent: 5, when: {to: 2020-12-31}, code: AYER}
  - {id: manana, kind: discount, percent: 5, when: {from: 2999-01-01}, code: MANANA}
  - {id: plata, kind: discount, percent: 5, where: member.spend >= 100.0, code: PLATA}
"""


@pytest.fixture
def shop(opens_shop):
    return opens_shop(CAFE_SOL + COUPONS)


def code_of(shop: Shop, coupon: str) -> str:
    """A fresh code of a coupon."""
    made = shop.http.post("/coupons", json={"coupon": coupon, "count": 1})
    assert made.status_code == 201, made.text
    (one,) = shop.http.get("/coupons", params={"batch": made.json()["id"]}).json()["data"]
    return one["code"]


def ask(shop: Shop, code: str, verb: str, **told):
    return shop.http.post(f"/coupons/{code}/{verb}", json=told, headers={"accept-language": "en"})


def refusal(answer):
    return answer.status_code, answer.json()["code"]


def lines(*told):
    return [
        {"sku": sku, "category": category, "quantity": quantity, "unit_price": price}
        for sku, category, quantity, price in told
    ]


def test_a_code_is_used_once_and_its_cart_hears_the_same_again(shop):
    code = code_of(shop, "bienvenida")

    first = ask(shop, code, "redeem", cart="A", sale={"lines": lines(("X", "te", 1, "12.00"))})
    again = ask(shop, code, "redeem", cart="A")
    other = ask(shop, code, "redeem", cart="B")

    assert (first.status_code, first.json()["discount"]) == (200, "5.00")
    assert (again.status_code, again.json()) == (200, first.json())
    assert refusal(other) == (409, "coupon_used")
    assert shop.http.get(f"/coupons/{code}").json()["status"] == "used"


def test_the_same_external_id_is_answered_the_same_and_is_binding(shop):
    code, other = code_of(shop, "tres"), code_of(shop, "tres")

    first = ask(shop, code, "redeem", external_id="X-1")
    again = ask(shop, code, "redeem", external_id="X-1")

    assert again.json() == first.json()
    assert shop.http.get(f"/coupons/{code}").json()["used"] == 1
    assert refusal(ask(shop, other, "redeem", external_id="X-1")) == (409, "external_id_reused")


def test_a_cart_may_reserve_again_and_release(shop):
    code = code_of(shop, "bienvenida")

    first = ask(shop, code, "reserve", cart="A", minutes=5).json()
    longer = ask(shop, code, "reserve", cart="A", minutes=30).json()
    told = ask(shop, code, "reserve", cart="B")

    assert longer["reserved_until"] > first["reserved_until"]
    assert refusal(told) == (409, "coupon_reserved")
    assert told.json()["until"] == longer["reserved_until"]
    assert refusal(ask(shop, code, "release", cart="B")) == (409, "coupon_reserved")
    assert ask(shop, code, "release", cart="A").json()["status"] == "active"
    assert ask(shop, code, "release", cart="A").status_code == 200
    assert ask(shop, code, "reserve", cart="B").status_code == 200


def test_a_used_coupon_is_neither_reserved_nor_released(shop):
    code = code_of(shop, "bienvenida")
    ask(shop, code, "redeem", cart="A")

    for verb in ("reserve", "release"):
        for cart in ("A", "B"):
            assert refusal(ask(shop, code, verb, cart=cart)) == (409, "coupon_used")


def test_a_reservation_names_its_cart(shop):
    answer = ask(shop, code_of(shop, "bienvenida"), "reserve")

    assert refusal(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["cart"]


def test_a_coupon_of_three_uses_is_used_three_times(shop):
    code = code_of(shop, "tres")
    ask(shop, code, "reserve", cart="D")

    assert [ask(shop, code, "redeem", cart=cart).status_code for cart in "ABC"] == [200, 200, 409]
    assert refusal(ask(shop, code, "redeem", cart="C")) == (409, "coupon_reserved")
    assert ask(shop, code, "redeem", cart="D").status_code == 200
    assert refusal(ask(shop, code, "redeem", cart="C")) == (409, "coupon_used")


def test_a_shared_code_is_read_however_it_is_typed(shop):
    sale = {"lines": lines(("X", "te", 3, "3.35"))}

    for typed in ("VERANO-10", "verano10", "Veran0 1O"):
        told = ask(shop, typed, "check", sale=sale).json()
        assert (told["valid"], told["code"], told["discount"]) == (True, "VERANO-10", "1.01")


def test_a_percentage_is_rounded_half_up_and_spread_to_the_cent(shop):
    sale = {"lines": lines(("X", "te", 1, "3.35"), ("Y", "te", 1, "3.35"), ("Z", "te", 1, "3.35"))}

    told = ask(shop, "VERANO10", "check", sale=sale).json()

    assert told["discount"] == "1.01"  # a tenth of 10.05 is 1.005
    assert told["lines"] == [
        {"line": 1, "discount": "0.33"},
        {"line": 2, "discount": "0.34"},
        {"line": 3, "discount": "0.34"},
    ]


def test_a_discount_is_never_more_than_the_goods(shop):
    sale = {"lines": lines(("X", "te", 1, "3.00"), ("G", "gift_card", 1, "50.00"))}

    assert ask(shop, code_of(shop, "bienvenida"), "check", sale=sale).json()["discount"] == "3.00"


def test_a_condition_on_lines_says_which_lines_are_discounted(shop):
    sale = {"lines": lines(("X", "te", 1, "3.00"), ("Y", "cafe", 2, "2.25"))}

    told = ask(shop, "MITAD", "check", sale=sale).json()

    assert (told["discount"], told["lines"]) == ("2.25", [{"line": 2, "discount": "2.25"}])


def test_one_of_an_article_is_free(shop):
    sale = {"lines": lines(("X", "te", 1, "3.00"), ("CAP-01", "cafe", 3, "2.10"))}

    told = ask(shop, "CAFE", "check", sale=sale).json()

    assert (told["discount"], told["lines"]) == ("2.10", [{"line": 2, "discount": "2.10"}])


@pytest.mark.parametrize(
    ("code", "told", "why"),
    [
        ("GRANDE", {"sale": {"lines": lines(("X", "te", 1, "19.99"))}}, "min_spend"),
        ("MITAD", {"sale": {"lines": lines(("X", "te", 1, "19.99"))}}, "where"),
        ("CAFE", {"sale": {"lines": lines(("X", "te", 1, "19.99"))}}, "product"),
        ("SOCIOS", {}, "member"),
        ("PLATA", {"member": {"external_id": "ana"}}, "where"),
        ("MANANA", {}, "when"),
    ],
)
def test_who_cannot_have_a_coupon_is_told_why(shop, code, told, why):
    shop.enrols("ana")

    checked = ask(shop, code, "check", **told).json()
    redeemed = ask(shop, code, "redeem", **told)

    assert (checked["valid"], checked["blocked_by"]) == (False, [why])
    assert len(checked["reasons"]) == 1
    assert refusal(redeemed) == (409, "not_eligible")
    assert redeemed.json()["blocked_by"] == [why]
    assert redeemed.json()["reasons"] == checked["reasons"]


def test_what_depends_on_a_sale_is_not_asked_where_none_is_told(shop):
    assert ask(shop, "GRANDE", "check").json()["valid"] is True
    assert ask(shop, "GRANDE", "redeem", cart="A").json()["discount"] is None


def test_a_coupon_whose_last_day_has_passed_has_expired(shop):
    assert refusal(ask(shop, "AYER", "redeem", cart="A")) == (409, "coupon_expired")
    assert ask(shop, "AYER", "check").json()["blocked_by"] == ["coupon_expired", "when"]


def test_one_member_uses_a_shared_code_once_and_another_too(shop):
    for name in ("ana", "berta"):
        shop.enrols(name)
        assert (
            ask(shop, "UNICO", "redeem", cart=f"{name}-1", member={"external_id": name}).status_code
            == 200
        )
        again = ask(shop, "UNICO", "redeem", cart=f"{name}-2", member={"external_id": name})
        assert (refusal(again), again.json()["blocked_by"]) == (
            (409, "not_eligible"),
            ["per_member"],
        )
    assert shop.http.get("/coupons/UNICO").json()["used"] == 2


def test_points_of_a_coupon_are_the_members_at_once(shop):
    shop.enrols("ana")
    code = code_of(shop, "puntos")

    nobody = ask(shop, code, "redeem", cart="A")
    given = ask(shop, code, "redeem", cart="A", member={"external_id": "ana"})
    again = ask(shop, code, "redeem", cart="A", member={"external_id": "ana"})

    assert (refusal(nobody), nobody.json()["blocked_by"]) == ((409, "not_eligible"), ["member"])
    assert given.json()["points"] == {"points": 50}
    assert again.json() == given.json()
    assert shop.balance("ana") == 50
    assert refusal(ask(shop, code, "redeem", cart="B", member={"external_id": "ana"})) == (
        409,
        "coupon_used",
    )
    assert proof_of(shop.database_url).ok


def test_the_same_key_redeems_once(shop):
    shop.enrols("ana")
    code, key = code_of(shop, "puntos"), {"Idempotency-Key": "k-1"}
    body = {"member": {"external_id": "ana"}}

    answers = [shop.http.post(f"/coupons/{code}/redeem", json=body, headers=key) for _ in range(2)]

    assert answers[0].status_code == 200
    assert answers[0].json() == answers[1].json()
    assert shop.balance("ana") == 50


@pytest.mark.parametrize("verb", ["check", "reserve", "redeem", "release"])
def test_a_code_that_nobody_made_is_not_found_and_may_look_mistyped(shop, verb):
    code = code_of(shop, "bienvenida")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")

    answer = ask(shop, wrong, verb, cart="A")

    assert refusal(answer) == (404, "not_found")
    assert answer.json()["mistyped"] is True
    unknown = new_code()
    assert "mistyped" not in ask(shop, unknown, verb, cart="A").json()


def test_a_code_keeps_what_it_promised_when_the_program_changes(shop):
    code = code_of(shop, "bienvenida")
    shop.publishes(shop.document.replace('"5.00"}', '"1.00"}'))

    assert shop.http.get(f"/coupons/{code}").json()["amount"] == "5.00"
    assert shop.http.get(f"/coupons/{code_of(shop, 'bienvenida')}").json()["amount"] == "1.00"


def test_codes_are_made_once_under_a_name_and_read_in_pages(shop):
    body = {"coupon": "bienvenida", "count": 1_000, "batch": "flyer-mayo"}
    made = shop.http.post("/coupons", json=body)
    again = shop.http.post("/coupons", json=body)
    other = shop.http.post("/coupons", json=body | {"count": 2})

    assert (made.status_code, again.status_code) == (201, 200)
    assert again.json() == made.json()
    assert refusal(other) == (409, "external_id_reused")
    codes, cursor = [], None
    while True:
        told = {"batch": "flyer-mayo", "limit": 300, **({"cursor": cursor} if cursor else {})}
        answer = shop.http.get("/coupons", params=told).json()
        codes += [one["code"] for one in answer["data"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert len(codes) == len(set(codes)) == 1_000


def test_codes_can_be_read_as_a_table(shop):
    made = shop.http.post("/coupons", json={"coupon": "bienvenida", "count": 3}).json()

    told = {"batch": made["id"], "limit": 2}
    answer = shop.http.get("/coupons", params=told, headers={"accept": "text/csv"})

    assert answer.headers["content-type"].startswith("text/csv")
    rows = answer.text.splitlines()
    assert rows[0] == "id,code,coupon,status,uses,used,made_at,expires_at"
    assert len(rows) == 3
    rest = shop.http.get("/coupons", params=told | {"cursor": answer.headers["x-next-cursor"]})
    assert len(rest.json()["data"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"coupon": "nadie", "count": 1}, "coupon"),
        ({"coupon": "diez", "count": 1}, "coupon"),
        ({"coupon": "bienvenida", "count": 0}, "count"),
        ({"coupon": "bienvenida", "count": 200_001}, "count"),
        ({"coupon": "bienvenida"}, "count"),
    ],
)
def test_codes_that_cannot_be_made_are_refused_at_their_field(shop, body, field):
    answer = shop.http.post("/coupons", json=body)

    assert refusal(answer) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_batch_that_is_not_there_is_not_found(shop):
    assert refusal(shop.http.get("/coupons", params={"batch": "nada"})) == (404, "not_found")


def test_the_rival_sees_nothing(shop, opens_shop):
    code = code_of(shop, "bienvenida")
    rival = opens_shop(CAFE_SOL.replace("cafe-sol", "cafe-luna"))

    for verb in ("check", "reserve", "redeem", "release"):
        assert refusal(ask(rival, code, verb, cart="A")) == (404, "not_found")
    assert ask(shop, code, "redeem", cart="A").status_code == 200
