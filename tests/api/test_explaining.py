"""What a member has at any moment, and why, over HTTP."""

from __future__ import annotations

import pytest

from tests.support.program import CAFE_SOL

WAITING = CAFE_SOL.replace("    expiry:", "    pending: 14 days\n    expiry:")
REWARDS = (
    CAFE_SOL
    + """rewards:
  - {id: cafe-gratis, kind: product, name: Café gratis, price: {points: 50}}
pay_with_points: {unit: points, min: 100, step: 50, max_share: 100}
"""
)


def ledger(shop, name="ana", **params):
    answer = shop.http.get(
        f"/members/{shop.members[name]}/ledger",
        params=params,
        headers={"accept-language": "en"},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def asks(shop, what, name="ana", language="en", **params):
    answer = shop.http.get(
        f"/members/{shop.members[name]}/{what}",
        params=params,
        headers={"accept-language": language},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def balance(shop, at):
    told = asks(shop, "balances", at=at)["balances"]["points"]
    return {key: told[key] for key in ("available", "pending", "held", "debt")}


def test_the_ledger_says_each_movement_in_words_with_the_balance_after_it(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    shop.sells("300.00", to="ana", external_id="T-1001")
    payment = {"points_payment": {"unit": "points", "points": 100}}
    shop.sells("50.00", to="ana", external_id="T-1002", **payment)

    entries = ledger(shop)

    assert [(e["text"], e["change"], e["balance"], e["category"]) for e in entries] == [
        ("49 points earned with sale T-1002", 49, 249, "earned"),
        ("100 points paid €1.00 of sale T-1002", -100, 200, "redeemed"),
        ("300 points earned with sale T-1001", 300, 300, "earned"),
    ]
    assert entries[2]["explanation"] == [
        {"rule": "base", "unit": "points", "points": 300,
         "text": "1 point for every €1.00 of €300.00"},
    ]  # fmt: skip
    assert [e["program_version"] for e in entries] == [1, 1, 1]
    assert entries[1]["explanation"] == []


def test_the_balance_runs_on_over_the_pages_of_the_ledger(shop):
    shop.enrols("ana")
    for price in ("1.00", "2.00", "4.00"):
        shop.sells(price, to="ana")

    told, cursor = [], None
    while True:
        params = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = asks(shop, "ledger", **params)
        told += [entry["balance"] for entry in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert told == [7, 3, 1]


def test_words_are_in_the_language_of_whoever_asks(shop):
    shop.enrols("ana")
    shop.sells("6.00", to="ana", external_id="T-1001")

    assert "6 points" in asks(shop, "ledger", language="en")["data"][0]["text"]
    assert "6 puntos" in asks(shop, "ledger", language="es")["data"][0]["text"]


def test_a_statement_ties(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    shop.sells("100.00", to="ana", occurred_at="2026-02-27T10:00:00Z", external_id="T-1")
    shop.sells("30.00", to="ana", occurred_at="2026-03-31T21:59:59Z", external_id="T-2")
    shop.sells("7.00", to="ana", occurred_at="2026-03-31T22:00:00Z", external_id="T-3")

    told = asks(shop, "statement", **{"from": "2026-03-01", "to": "2026-03-31"})
    points = told["units"]["points"]

    assert (told["from"], told["to"]) == ("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")
    assert points["opening"]["balance"] == 100
    assert [(m["external_id"], m["change"], m["balance"]) for m in points["movements"]] == [
        ("T-2", 30, 130)
    ]
    assert points["totals"] == {"earned": 30}
    assert points["closing"]["balance"] == 130
    assert [(lot["left"], lot["external_id"], lot["ends_at"][:10]) for lot in points["lots"]] == [
        (100, "T-1", "2027-02-27"),
        (30, "T-2", "2027-03-31"),
    ]


def test_a_day_that_ends_takes_what_ends_with_it_along(shop):
    shop.enrols("ana")
    shop.sells("10.00", to="ana", occurred_at="2026-03-01T10:00:00Z")  # to the end of 1 March 2027

    of_day = {
        day: asks(shop, "statement", **{"from": day, "to": day})["units"]["points"]
        for day in ("2027-02-28", "2027-03-01", "2027-03-02")
    }

    assert [
        (unit["opening"]["balance"], unit["totals"], unit["closing"]["balance"])
        for unit in of_day.values()
    ] == [(10, {}, 10), (10, {"expired": -10}, 0), (0, {}, 0)]
    (ended,) = of_day["2027-03-01"]["movements"]
    assert (ended["id"], ended["activity"], ended["balance"]) == (None, None, 0)
    assert ended["text"] == "10 points will expire, earned with sale T-1 on March 1, 2026"


def test_without_a_word_a_statement_is_of_this_month(shop):
    shop.enrols("ana")
    sold = shop.sells("5.00", to="ana")

    (entry,) = asks(shop, "statement")["units"]["points"]["movements"]

    assert entry["activity"] == sold["id"]


def test_a_statement_can_be_read_as_text(shop):
    ana = shop.enrols("ana")
    shop.sells("5.00", to="ana", external_id="T-9")

    answer = shop.http.get(
        f"/members/{ana}/statement", headers={"accept": "text/plain", "accept-language": "en"}
    )

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "+5  5 points earned with sale T-9  = 5" in answer.text


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to", "too_early"),
        ({"from": "2026-02-30"}, "from", "format"),
        ({"to": "yesterday"}, "to", "format"),
        ({"to": "2026-03-01T10:00:00"}, "to", "zone_missing"),
        ({"from": "1999-12-31"}, "from", "too_early"),
        ({"to": "9999-12-31"}, "to", "too_late"),
        ({"to": "9999-12-31T23:59:59Z"}, "to", "too_late"),
    ],
)
def test_a_time_that_is_none_is_refused(shop, params, field, code):
    ana = shop.enrols("ana")

    answer = shop.http.get(f"/members/{ana}/statement", params=params)

    assert answer.status_code == 422, answer.text
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


def test_an_explanation_takes_the_balance_apart(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    shop.sells("100.00", to="ana", occurred_at="2026-03-01T10:00:00Z", external_id="T-1")
    shop.sells("70.00", to="ana", occurred_at="2026-03-02T10:00:00Z", external_id="T-2")
    member = {"member": {"external_id": "ana"}, "reward": "cafe-gratis"}
    for capture, number in ((True, "C-1"), (False, "C-2")):
        body = member | {"external_id": number, "quantity": 1, "capture": capture}
        assert shop.http.post("/redemptions", json=body).status_code == 201

    points = asks(shop, "explanation", unit="points")["units"]["points"]

    assert (points["balance"], points["available"], points["held"]) == (120, 70, 50)
    assert points["text"][0] == "Can be used: 70 points"
    assert [(lot["external_id"], lot["points"], lot["left"]) for lot in points["lots"]] == [
        ("T-2", 70, 70)
    ]
    assert [(p["points"], p["text"]) for p in points["held_for"]] == [
        (50, "50 points held for “Café gratis”")
    ]
    assert points["owed_for"] == []


def test_what_was_drawn_on_a_lot_is_told_with_what_for(opens_shop):
    shop = opens_shop(REWARDS)
    shop.enrols("ana")
    shop.sells("80.00", to="ana", external_id="T-1")
    body = {"external_id": "C-1", "member": shop.members["ana"], "reward": "cafe-gratis"}
    shop.http.post("/redemptions", json=body | {"quantity": 1, "capture": True})

    (lot,) = asks(shop, "explanation")["units"]["points"]["lots"]

    assert (lot["points"], lot["left"]) == (80, 30)
    assert lot["text"] == "80 points earned with sale T-1"
    assert [line["text"] for line in lot["explanation"]] == ["1 point for every €1.00 of €80.00"]
    assert [(drawn["points"], drawn["text"]) for drawn in lot["drawn"]] == [
        (50, "50 points redeemed for “Café gratis”")
    ]


def test_a_unit_that_the_program_does_not_have_cannot_be_explained(shop):
    ana = shop.enrols("ana")

    answer = shop.http.get(f"/members/{ana}/explanation", params={"unit": "stars"})

    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("unit", "unknown")]


def test_what_waits_is_told_for_every_moment(opens_shop):
    shop = opens_shop(WAITING)
    shop.enrols("ana")
    shop.sells("10.00", to="ana", occurred_at="2026-03-01T10:00:00Z")  # usable from 16 March

    nothing = {"available": 0, "pending": 0, "held": 0, "debt": 0}
    assert balance(shop, "2026-03-01T09:59:59Z") == nothing
    assert balance(shop, "2026-03-01T10:00:00Z") == nothing | {"pending": 10}
    assert balance(shop, "2026-03-15T22:59:59Z") == nothing | {"pending": 10}
    assert balance(shop, "2026-03-15T23:00:00Z") == nothing | {"available": 10}
    assert balance(shop, "2027-03-01T23:00:00Z") == nothing


def test_what_starts_pays_what_is_owed(opens_shop):
    shop = opens_shop(WAITING)
    shop.enrols("ana")
    first = shop.sells("100.00", to="ana", occurred_at="2026-03-01T10:00:00Z")
    take = {"member": shop.members["ana"], "points": -100, "reason": "gastados"}
    assert shop.http.post("/adjustments", json=take).status_code == 201
    assert shop.http.post(f"/sales/{first['id']}/returns", json={"full": True}).status_code == 201
    shop.sells("30.00", to="ana")

    now = asks(shop, "balances")["balances"]["points"]
    later = asks(shop, "balances", at="2030-01-01T00:00:00Z")["balances"]["points"]
    before = asks(shop, "explanation", unit="points")["units"]["points"]

    assert (now["available"], now["pending"], now["debt"]) == (0, 30, 100)
    assert (later["available"], later["pending"], later["debt"]) == (0, 0, 70)
    assert [(p["points"], p["kind"]) for p in before["owed_for"]] == [(100, "return")]


def test_lots_are_told_as_of_a_moment(shop):
    shop.enrols("ana")
    shop.sells("10.00", to="ana", occurred_at="2026-03-01T10:00:00Z")
    shop.sells("5.00", to="ana", occurred_at="2026-03-10T10:00:00Z")

    def left(at):
        return [lot["left"] for lot in asks(shop, "lots", at=at)["data"]]

    assert left("2026-02-28T00:00:00Z") == []
    assert left("2026-03-05T00:00:00Z") == [10]
    assert left("2026-03-11T00:00:00Z") == [10, 5]
    assert left("2027-03-02T00:00:00Z") == [5]


@pytest.mark.parametrize("what", ["balances", "lots", "ledger", "statement", "explanation"])
def test_who_is_not_there_has_nothing_to_be_told(shop, what):
    answer = shop.http.get(f"/members/00000000-0000-0000-0000-000000000000/{what}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
