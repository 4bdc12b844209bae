"""Hard cases 16 to 22, 24, 25 and 31: goods come back, and what their sale earned with them."""

from __future__ import annotations

import pytest

from tests.scenarios.returning import account, has, piece, returns, takes_back
from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

TICKET = CAFE_SOL + ("  - {id: ticket, event: sale, give: {points: 50}, where: sale.net >= 50.0}\n")
PAYING = CAFE_SOL + "pay_with_points: {unit: points, min: 100}\n"


def of_unit(setting: str, document: str = CAFE_SOL) -> str:
    """The document with one more setting of its points."""
    return document.replace('    value: "0.01"\n', f'    value: "0.01"\n    {setting}\n')


def lines(*prices: str) -> dict:
    return {"lines": [{"quantity": 1, "unit_price": price} for price in prices]}


def proved(shop) -> bool:
    return proof_of(shop.database_url).ok


def test_16_the_line_of_40_takes_its_40_back(shop):
    shop.enrols("ana")
    sale = shop.sells("0", to="ana", **lines("60.00", "40.00"))

    told = takes_back(shop, sale, **piece(2))

    assert (told["status"], told["sale_status"]) == ("applied", "partly_returned")
    assert told["reversed"] == {"points": 40}
    assert told["balances"]["points"]["available"] == 60
    assert (told["net"], told["sale"]) == ("40.00", sale["id"])
    assert shop.balance("ana") == 60
    assert proved(shop)


def test_17_two_units_of_1099_take_back_11_and_then_10(shop):
    shop.enrols("ana")
    sale = shop.sells("0", to="ana", lines=[{"quantity": 2, "unit_price": "10.99"}])
    assert sale["earned"] == {"points": 21}

    taken = [takes_back(shop, sale, **piece(1))["reversed"]["points"] for _ in range(2)]

    assert taken == [11, 10]
    assert shop.balance("ana") == 0
    assert proved(shop)


@pytest.mark.parametrize(("mode", "points"), [("recompute", 70), ("proportional", 36)])
def test_18_the_bonus_from_50_is_lost_or_shared_as_the_program_says(opens_shop, mode, points):
    shop = opens_shop(of_unit(f"returns: {mode}", TICKET))
    shop.enrols("ana")
    sale = shop.sells("60.00", to="ana")
    assert sale["earned"] == {"points": 110}

    first = takes_back(shop, sale, amount="20.00")
    rest = takes_back(shop, sale, full=True)

    assert first["reversed"] == {"points": points}
    assert rest["reversed"] == {"points": 110 - points}
    assert sum(line["points"] for line in first["explanation"]) == -points
    assert shop.balance("ana") == 0
    assert proved(shop)


@pytest.mark.parametrize(
    "changed",
    [
        CAFE_SOL.replace("{points: 1, per:", "{points: 2, per:"),
        CAFE_SOL.replace("event: sale,", "event: sale, when: {from: 2020-01-01, to: 2020-01-02},"),
        CAFE_SOL.replace("id: base, event: sale,", "id: otra, event: activity,").replace(
            ', per: "1.00"', ""
        ),
    ],
    ids=["doubled", "switched off", "deleted"],
)
def test_19_a_return_takes_back_what_its_sale_earned_though_the_rule_has_changed(shop, changed):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    assert changed != shop.document
    shop.publishes(changed)

    told = takes_back(shop, sale, full=True)

    assert told["reversed"] == {"points": 50}
    assert told["program_version"] == sale["program_version"]
    assert shop.balance("ana") == 0
    assert proved(shop)


@pytest.mark.parametrize(
    ("negative", "reversed_", "uncollected", "after", "after_80_more"),
    [
        ("debt", 50, 0, has(debt=50), has(available=30)),
        ("clamp", 0, 50, has(), has(available=80)),
        ("pending_only", 0, 0, has(), has(available=80)),
    ],
)
def test_20_points_already_spent_are_owed_let_go_or_left_alone(
    opens_shop, negative, reversed_, uncollected, after, after_80_more
):
    shop = opens_shop(of_unit(f"negative: {negative}"))
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    spends(shop, 50)

    told = takes_back(shop, sale, full=True)

    assert told["reversed"] == {"points": reversed_}
    assert told["uncollected"] == {"points": uncollected}
    assert account(shop) == after
    shop.sells("80.00", to="ana")
    assert account(shop) == after_80_more
    assert proved(shop)


def test_20_with_pending_only_what_can_be_used_is_the_members(opens_shop):
    shop = opens_shop(of_unit("negative: pending_only"))
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")

    assert takes_back(shop, sale, full=True)["reversed"] == {"points": 0}
    assert shop.balance("ana") == 50


@pytest.mark.parametrize(
    ("told", "restored", "reversed_"),
    [({"full": True}, 1000, 40), ({"amount": "25.00"}, 500, 20)],
    ids=["whole", "half"],
)
def test_21_points_that_paid_come_back_to_the_lots_they_came_from(
    opens_shop, told, restored, reversed_
):
    shop = opens_shop(PAYING)
    shop.enrols("ana")
    shop.sells("1000.00", to="ana", occurred_at="2026-01-10T10:00:00Z")
    before = lots(shop)
    payment = {"unit": "points", "points": 1000}
    sale = shop.sells("50.00", to="ana", points_payment=payment)
    assert sale["earned"] == {"points": 40}

    answer = takes_back(shop, sale, **told)

    assert (answer["restored"], answer["reversed"]) == (
        {"points": restored},
        {"points": reversed_},
    )
    assert shop.balance("ana") == restored + 40 - reversed_
    (first, *_) = lots(shop)
    assert (first["id"], first["ends_at"]) == (before[0]["id"], before[0]["ends_at"])
    assert first["left"] == restored
    assert proved(shop)


def test_22_store_credit_takes_back_what_money_does(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")

    told = takes_back(shop, sale, amount="20.00", reason="vale")

    assert (told["reversed"], told["reason"]) == ({"points": 20}, "vale")


def test_24_the_same_return_id_twice_counts_once(shop):
    shop.enrols("ana")
    sale = shop.sells("0", to="ana", lines=[{"quantity": 2, "unit_price": "10.99"}])

    first = returns(shop, sale, external_id="R-1", **piece(1))
    again = returns(shop, sale, external_id="R-1", **piece(1))
    other = returns(shop, sale, external_id="R-1", **piece(1, 2))

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == first.json()
    assert other.json()["code"] == "external_id_reused"
    assert shop.balance("ana") == 10


@pytest.mark.parametrize(
    ("told", "field", "left"),
    [
        (piece(1, 3), "lines[0].quantity", "2"),
        ({"amount": "40.01"}, "amount", "40.00"),
    ],
)
def test_24_returning_more_than_was_sold_is_refused_with_what_is_left(shop, told, field, left):
    shop.enrols("ana")
    sale = shop.sells("0", to="ana", lines=[{"quantity": 2, "unit_price": "20.00"}])

    refused = returns(shop, sale, **told)

    assert (refused.status_code, refused.json()["code"]) == (422, "over_returned")
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert refused.json()["left"] == left
    assert shop.balance("ana") == 40
    assert shop.http.get(f"/sales/{sale['id']}").json()["status"] == "completed"


def test_25_ten_returns_of_one_take_back_what_one_of_ten_does(opens_shop):
    shop = opens_shop(CAFE_SOL.replace('"1.00"', '"10.00"'))
    for name in ("ana", "berta"):
        shop.enrols(name)
    in_parts, at_one_go = (shop.sells("10.00", to=name) for name in ("ana", "berta"))

    parts = [takes_back(shop, in_parts, amount="1.00")["reversed"]["points"] for _ in range(10)]
    whole = takes_back(shop, at_one_go, amount="10.00")["reversed"]["points"]

    assert (sum(parts), whole) == (1, 1)
    assert (shop.balance("ana"), shop.balance("berta")) == (0, 0)
    assert proved(shop)


def test_31_a_return_of_a_sale_in_dollars_uses_the_rate_of_the_sale(shop):
    shop.enrols("ana")
    dollars = {"currency": "USD", "exchange_rate": "0.9137"}
    sale = shop.sells("100.00", to="ana", occurred_at="2026-03-01T10:00:00Z", **dollars)
    assert sale["earned"] == {"points": 91}

    half = takes_back(shop, sale, amount="50.00", occurred_at="2026-04-01T10:00:00Z")
    refused = returns(shop, sale, amount="50.01")
    rest = takes_back(shop, sale, amount="50.00")

    assert (half["net"], half["reversed"]) == ("45.68", {"points": 46})
    assert refused.json()["left"] == "50.00"
    assert (rest["sale_status"], rest["reversed"]) == ("returned", {"points": 45})
    assert shop.balance("ana") == 0


@pytest.mark.parametrize("round_", range(3))
def test_24_the_same_return_from_many_tills_at_once_counts_once(shop, other_server, round_):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    body = {"external_id": "R-1", "amount": "20.00"}

    answers = at_once(shop, other_server, [body] * 12, f"/sales/{sale['id']}/returns")

    assert statuses(answers) == {201: 1, 200: 11}
    assert len({answer.content for answer in answers}) == 1
    assert shop.balance("ana") == 30
    assert proved(shop)


@pytest.mark.parametrize("round_", range(3))
def test_24_returns_at_once_that_together_exceed_the_sale_do_not_all_succeed(
    shop, other_server, round_
):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    bodies = [{"external_id": f"R-{n}", "amount": "20.00"} for n in range(8)]

    answers = at_once(shop, other_server, bodies, f"/sales/{sale['id']}/returns")

    assert statuses(answers) == {201: 2, 422: 6}
    assert {a.json()["code"] for a in answers if a.status_code == 422} == {"over_returned"}
    assert shop.balance("ana") == 10
    assert proved(shop)


def spends(shop, points: int) -> None:
    """Let Ana's points be gone."""
    body = {"member": shop.members["ana"], "points": -points, "reason": "gastados"}
    answer = shop.http.post("/adjustments", json=body)
    assert answer.status_code == 201, answer.text


def lots(shop) -> list[dict]:
    answer = shop.http.get(f"/members/{shop.members['ana']}/lots")
    return answer.json()["data"]


def test_points_that_a_redemption_held_come_back_from_the_sale_they_paid(opens_shop):
    shop = opens_shop(PAYING)
    shop.enrols("ana")
    shop.sells("1000.00", to="ana")
    held = shop.http.post(
        "/redemptions",
        json={"member": shop.members["ana"], "points_payment": {"unit": "points", "points": 1000}},
    ).json()
    payment = {"redemption": held["id"]}
    sale = shop.sells("50.00", to="ana", points_payment=payment)
    assert (sale["spent"], sale["earned"]) == ({"points": 1000}, {"points": 40})

    half = takes_back(shop, sale, amount="25.00")
    rest = takes_back(shop, sale, full=True)

    assert (half["restored"], rest["restored"]) == ({"points": 500}, {"points": 500})
    assert (half["reversed"], rest["reversed"]) == ({"points": 20}, {"points": 20})
    assert account(shop) == has(available=1000)
    assert proved(shop)
