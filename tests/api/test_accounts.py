"""Reports of accounts and closed months over HTTP: what can be asked, and by whom."""

from __future__ import annotations

import pytest

from tests.api.shop import Shop

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01"}
  stamps: {name: {es: sellos, en: stamps}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: sello, event: sale, give: {stamps: 1}}
  - {id: resena, event: activity, activity: review, give: {points: 7}}
rewards:
  - {id: tarjeta-20, kind: gift_card, amount: "20.00", price: {points: 100}}
"""


@pytest.fixture
def shop(opens_shop) -> Shop:
    """The Café Sol, in January."""
    opened: Shop = opens_shop(PROGRAM, sandbox=True)
    opened.lives_at("2026-01-10T10:00:00Z")
    opened.enrols("ana")
    opened.sells("250.00", to="ana")
    return opened


def report(shop, name, **query):
    answer = shop.http.get(f"/reports/{name}", params=query, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_cannot_be_said_is_stated(shop):
    shop.http.post("/activities", json={"type": "review", "member": shop.members["ana"]})
    told = report(shop, "liability")

    assert {(row["unit"], row["liability"]) for row in told["liability"]} == {
        ("points", "2.57"),
        ("stamps", "0.00"),
    }
    assert {each["code"] for each in told["statements"]} == {
        "expected_redemption_unknown",
        "unit_without_value",
        "granted_not_deferred",
    }
    assert [row["method"] for row in told["expectations"]] == ["unknown", "unknown"]


def test_sensitivity_moves_what_is_expected(shop):
    shop.publishes(PROGRAM + "accounting: {units: {points: {redeemed: 95}}}\n")
    rows = report(shop, "liability", unit="points")["sensitivity"]

    assert [row["move"] for row in rows] == [-10, -5, -1, 0, 1, 5]
    assert [row["liability"] for row in rows] == ["2.13", "2.25", "2.35", "2.38", "2.40", "2.50"]
    assert rows[3]["difference"] == "0.00"


def test_one_unit_is_told_alone(shop):
    assert [row["unit"] for row in report(shop, "roll-forward", unit="stamps")["roll_forward"]] == [
        "stamps"
    ]
    assert [row["unit"] for row in report(shop, "liability", unit="points")["liability"]] == [
        "points"
    ]
    refused = shop.http.get("/reports/liability", params={"store": "centro"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "store")


def test_so_many_days_that_nobody_reads_them_are_refused(shop):
    query = {"from": "2020-01-01", "to": "2026-01-10", "every": "day"}
    for name in ("roll-forward", "journal"):
        refused = shop.http.get(f"/reports/{name}", params=query)
        assert refused.status_code == 422
        assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
            ("every", "too_many")
        ]


@pytest.mark.parametrize(("day", "code"), [("0001-01-01", "too_early"), ("9999-12-31", "too_late")])
@pytest.mark.parametrize("name", ["roll-forward", "journal", "liability", "gift-cards"])
def test_days_of_which_nobody_keeps_books_are_refused(shop, name, day, code):
    refused = shop.http.get(
        f"/reports/{name}", params={"from": day, "to": day}, headers={"accept-language": "en"}
    )

    told = {each["detail"] for each in refused.json()["errors"]}
    assert told == {"It must lie in the years 1970 to 2999."}
    assert {(each["field"], each["code"]) for each in refused.json()["errors"]} == {
        ("from", code),
        ("to", code),
    }


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "2026-00", "marzo"])
def test_what_is_no_month_is_not_closed(shop, month):
    refused = shop.http.post(f"/periods/{month}/close")

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "format")
    far = shop.http.post("/periods/2999-12/close")
    assert (far.status_code, far.json()["code"]) == (409, "period_not_over")


def test_a_gift_card_got_for_points_is_owed_apart(shop):
    bought = shop.http.post(
        "/redemptions",
        json={"member": shop.members["ana"], "reward": "tarjeta-20", "capture": True},
    )
    assert bought.status_code == 201, bought.text

    (card,) = report(shop, "gift-cards")["gift_cards"]
    assert (card["given"], card["sold"], card["closing"]) == ("20.00", "0.00", "20.00")
    journal = report(shop, "journal")
    sides = {
        (line["entry"], line["account"]): (line["debit"], line["credit"])
        for line in journal["lines"]
        if line["entry"].startswith("cards")
    }
    assert sides == {
        ("cards_given", "gift_card_rewards"): ("20.00", "0.00"),
        ("cards_given", "gift_cards"): ("0.00", "20.00"),
    }
    assert [tie["difference"] for tie in journal["ties"]] == ["0.00", "0.00"]
    shop.http.post(f"/redemptions/{bought.json()['id']}/cancel")
    (card,) = report(shop, "gift-cards")["gift_cards"]
    assert (card["withdrawn"], card["closing"]) == ("20.00", "0.00")


def test_days_inside_a_closed_month_count_by_their_own_date(shop):
    shop.lives_at("2026-02-02T10:00:00Z")
    assert shop.http.post("/periods/2026-01/close").status_code == 201
    shop.sells("10.00", to="ana", occurred_at="2026-01-15T10:00:00Z")

    told = report(shop, "roll-forward", unit="points", **{"from": "2026-01-14", "to": "2026-01-15"})

    (row,) = told["roll_forward"]
    assert (row["opening"], row["earned"], row["closing"], row["told_later"]) == (250, 10, 260, 0)
    assert [each["code"] for each in told["statements"]] == ["by_own_date"]


def test_a_month_is_closed_by_who_manages_and_read_by_who_reads(shop):
    shop.lives_at("2026-02-02T10:00:00Z")
    till = shop.caller(shop.makes_key(["read", "till"]))

    assert till.post("/periods/2026-01/close").status_code == 403
    assert till.get("/periods/2026-01").status_code == 404
    closed = shop.http.post("/periods/2026-01/close")
    assert closed.status_code == 201
    assert till.get("/periods/2026-01").json() == closed.json()
    assert closed.json()["units"][0] == {
        "unit": "points", "opening": 0, "changes": {"earned": 250}, "closing": 250,
    }  # fmt: skip


def test_a_rival_sees_none_of_it(shop, opens_shop):
    shop.lives_at("2026-02-02T10:00:00Z")
    shop.http.post("/periods/2026-01/close")
    rival = opens_shop(PROGRAM.replace("cafe-sol", "rival"), sandbox=True)

    assert rival.http.get("/periods").json() == {"data": [], "next": None}
    assert [row["outstanding"] for row in report(rival, "liability")["liability"]] == [0, 0]


def test_a_journal_is_a_table_where_one_is_accepted(shop):
    answer = shop.http.get("/reports/journal", headers={"accept": "text/csv"})

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.splitlines()[0] == "from,to,entry,text,unit,account,number,debit,credit"
