"""Hard cases 56 to 58: what is owed to members, in the books."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from tests.scenarios.tills import at_once, statuses

# A point for each 10.00, worth 1.00 by itself.
BOOKED = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {{name: {{es: puntos, en: points}}, value: "1.00"}}
earn:
  - {{id: base, event: sale, give: {{points: 1, per: "10.00"}}}}
rewards:
  - {{id: cena, kind: service, price: {{points: 500}}}}
accounting:
  units: {{points: {{redeemed: {redeemed}}}}}
  accounts: {{sales: "7000", deferred: "4850", redeemed: "7050", breakage: "7590"}}
"""
POINTS = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01", expiry: {after: 1 month}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
rewards:
  - {id: cafe, kind: product, sku: CAP-01, price: {points: 20}}
"""


def report(shop, name, **query):
    answer = shop.http.get(f"/reports/{name}", params=query, headers={"accept-language": "en"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def closes(shop, month, status=201):
    answer = shop.http.post(f"/periods/{month}/close")
    assert answer.status_code == status, answer.text
    return answer.json()


def redeems(shop, name, reward, times):
    for _ in range(times):
        answer = shop.http.post(
            "/redemptions", json={"member": shop.members[name], "reward": reward, "capture": True}
        )
        assert answer.status_code == 201, answer.text


def owed(shop, **query):
    (row,) = report(shop, "liability", **query)["liability"]
    return row


def rolled(shop, **query):
    (row,) = report(shop, "roll-forward", **query)["roll_forward"]
    return row


def entered(journal):
    """What was entered on each account, credits less debits, by entry."""
    return {
        (line["entry"], line["number"]): (line["debit"], line["credit"])
        for line in journal["lines"]
    }


def assert_ties(journal):
    assert sum(round(float(line["debit"]) * 100) for line in journal["lines"]) == sum(
        round(float(line["credit"]) * 100) for line in journal["lines"]
    )
    assert {tie["difference"] for tie in journal["ties"]} == {"0.00"}


@pytest.mark.parametrize(("expected", "revenue"), [(99, "3489.77"), (92, "4067.42")])
def test_56_points_become_revenue_as_they_are_redeemed(opens_shop, expected, revenue):
    shop = opens_shop(BOOKED.format(redeemed=97), sandbox=True)
    shop.lives_at("2026-06-30T10:00:00Z")
    shop.enrols("ana")
    shop.sells("100000.00", to="ana")

    first = owed(shop)
    assert (first["outstanding"], first["value"]) == (10_000, "10000.00")
    assert (first["allocated"], first["deferred"]) == ("8842.30", "8842.30")

    shop.lives_at("2027-06-30T10:00:00Z")
    redeems(shop, "ana", "cena", 9)
    second = report(shop, "journal", **{"from": "2027-01-01", "to": "2027-12-31", "every": "year"})
    (deferred,) = [row for row in second["accounts"] if row["number"] == "4850"]
    assert (deferred["opening"], deferred["debit"]) == ("8842.30", "4102.10")
    assert_ties(second)

    shop.lives_at("2028-06-30T10:00:00Z")
    shop.publishes(BOOKED.format(redeemed=expected))
    redeems(shop, "ana", "cena", 8)
    third = owed(shop)
    assert third["allocated"] == "8842.30"
    assert f"{4740.20 - float(third['deferred']):.2f}" == revenue


def test_56_the_journal_is_in_the_accounts_of_the_merchant_and_balances(opens_shop):
    shop = opens_shop(BOOKED.format(redeemed=97), sandbox=True)
    shop.lives_at("2026-06-10T10:00:00Z")
    shop.enrols("ana")
    shop.sells("100000.00", to="ana")
    redeems(shop, "ana", "cena", 9)

    journal = report(shop, "journal", **{"from": "2026-06-01"})

    # 4,500 of 10,000 points: 3,979.03 of 8,842.30 for them; 123.07 for those never to come.
    assert entered(journal) == {
        ("earned", "7000"): ("8842.30", "0.00"),
        ("earned", "4850"): ("0.00", "8842.30"),
        ("redeemed", "4850"): ("3979.03", "0.00"),
        ("redeemed", "7050"): ("0.00", "3979.03"),
        ("breakage", "4850"): ("123.07", "0.00"),
        ("breakage", "7590"): ("0.00", "123.07"),
    }
    assert_ties(journal)


def test_56_a_return_takes_its_part_back(opens_shop):
    shop = opens_shop(BOOKED.format(redeemed=97), sandbox=True)
    shop.lives_at("2026-06-10T10:00:00Z")
    shop.enrols("ana")
    sale = shop.sells("100000.00", to="ana")

    answer = shop.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    assert answer.status_code == 201, answer.text
    assert owed(shop)["deferred"] == "0.00"


def test_57_the_roll_forward_ends_with_what_members_have(opens_shop):
    shop = opens_shop(POINTS, sandbox=True)
    shop.lives_at("2026-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.enrols("berta")
    shop.sells("50.00", to="ana")
    shop.sells("30.00", to="berta")
    shop.lives_at("2026-02-05T10:00:00Z")
    redeems(shop, "ana", "cafe", 1)
    shop.sells("7.00", to="ana")
    shop.lives_at("2026-03-01T10:00:00Z")

    january = rolled(shop, **{"from": "2026-01-01", "to": "2026-01-31"})
    assert (january["opening"], january["earned"], january["closing"]) == (0, 80, 80)
    february = rolled(shop, **{"from": "2026-02-01", "to": "2026-02-28"})
    # Ana's 50 and Berta's 30 of 10 January end with 10 February; 20 were redeemed before.
    told = (80, 7, -20, -60, 7)
    names = ("opening", "earned", "redeemed", "expired", "closing")
    assert tuple(february[name] for name in names) == told
    for day in ("2026-01-09", "2026-01-10", "2026-02-05", "2026-02-10", "2026-02-11"):
        row = rolled(shop, **{"from": day, "to": day})
        at = f"{day}T23:00:00Z"
        members = shop.members.values()
        balances = [
            shop.http.get(f"/members/{member}/balances", params={"at": at}).json()["balances"]
            for member in members
        ]
        total = sum(each.get("points", {"available": 0})["available"] for each in balances)
        assert row["balance"] == row["closing"] == total, day


def test_57_by_day_each_day_begins_where_the_last_one_ended(opens_shop):
    shop = opens_shop(POINTS, sandbox=True)
    shop.lives_at("2026-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.sells("50.00", to="ana")
    shop.lives_at("2026-01-12T10:00:00Z")
    redeems(shop, "ana", "cafe", 2)

    days = report(
        shop, "roll-forward", **{"from": "2026-01-09", "to": "2026-01-13", "every": "day"}
    )["roll_forward"]

    assert [day["closing"] for day in days] == [0, 50, 50, 10, 10]
    assert [day["opening"] for day in days] == [0, 0, 50, 50, 10]


def test_58_a_closed_month_does_not_change_and_late_events_post_to_the_open_one(opens_shop):
    shop = opens_shop(BOOKED.format(redeemed=97), sandbox=True)
    shop.lives_at("2026-01-10T10:00:00Z")
    shop.enrols("ana")
    shop.sells("1000.00", to="ana")
    shop.lives_at("2026-02-03T10:00:00Z")
    closed = closes(shop, "2026-01")
    january = {"from": "2026-01-01", "to": "2026-01-31"}
    before = (rolled(shop, **january), report(shop, "journal", **january)["lines"])
    liability = report(shop, "liability", to="2026-01-31")["cohorts"]

    shop.sells("500.00", to="ana", occurred_at="2026-01-20T12:00:00Z")

    after = rolled(shop, **january)
    assert {**after, "told_later": 0, "balance": 100} == before[0]
    assert (after["closing"], after["told_later"], after["balance"]) == (100, 50, 150)
    assert report(shop, "journal", **january)["lines"] == before[1]
    assert report(shop, "liability", to="2026-01-31")["cohorts"] == liability
    assert closes(shop, "2026-01", status=200) == closed

    february = report(shop, "roll-forward", **{"from": "2026-02-01"})
    (row,) = february["roll_forward"]
    assert (row["opening"], row["earned"], row["closing"]) == (100, 50, 150)
    assert february["late"] == [
        {"day": "2026-01-20", "kind": "sale", "unit": "points", "change": "earned", "points": 50}
    ]
    journal = report(shop, "journal", **{"from": "2026-02-01"})
    assert_ties(journal)
    # 1,500.00 share out 1,500 × 145.5 ÷ 1,645.5 = 132.63; 88.42 of that was January's.
    assert entered(journal)["earned", "4850"] == ("0.00", "44.21")


def test_58_months_are_closed_one_after_the_other_and_when_they_are_over(opens_shop):
    shop = opens_shop(POINTS, sandbox=True)
    shop.lives_at("2026-03-31T21:59:59Z")

    refused = closes(shop, "2026-03", status=409)
    assert refused["code"] == "period_not_over"
    closes(shop, "2026-01")
    shop.lives_at("2026-03-31T22:00:00Z")
    refused = closes(shop, "2026-03", status=409)
    assert (refused["code"], refused["next"]) == ("period_out_of_order", "2026-02")
    assert closes(shop, "2025-12", status=409)["code"] == "period_out_of_order"
    closes(shop, "2026-02")
    closes(shop, "2026-03")
    told = shop.http.get("/periods").json()
    assert [each["month"] for each in told["data"]] == ["2026-03", "2026-02", "2026-01"]
    assert told["next"] == "2026-04"
    assert closes(shop, "2026-13", status=422)["errors"][0]["field"] == "month"


def test_58_closing_while_sales_are_posted_loses_and_doubles_nothing(opens_shop, other_server):
    shop = opens_shop(POINTS, sandbox=True)
    shop.lives_at("2026-02-01T09:00:00Z")
    shop.enrols("ana")
    sales = [shop.sale("1.00", to="ana", occurred_at="2026-01-31T12:00:00Z") for _ in range(40)]

    with ThreadPoolExecutor(1) as office:
        posting = office.submit(at_once, shop, other_server, sales)
        sleep(0.1)
        closed = closes(shop, "2026-01")
        answers = posting.result()

    assert set(statuses(answers)) == {201}
    (points,) = closed["units"] or [{"closing": 0}]
    february = report(shop, "roll-forward", **{"from": "2026-02-01"})
    (row,) = february["roll_forward"]
    assert row["opening"] == points["closing"]
    assert row["opening"] + row["earned"] == 40 == row["closing"]
    assert sum(late["points"] for late in february["late"]) == row["earned"]


def test_gift_cards_stand_apart(opens_shop):
    shop = opens_shop(POINTS, sandbox=True)
    shop.lives_at("2026-01-10T10:00:00Z")
    told = {"amount": "121.00", "kind": "single_purpose", "tax_rate": "21"}
    shop.http.post("/gift-cards", json=told)
    card = shop.http.post("/gift-cards", json={"amount": "50.00"}).json()
    paid = shop.http.post(f"/gift-cards/{card['code']}/charge", json={"amount": "20.00"})
    assert paid.status_code in (200, 201), paid.text

    cards = report(shop, "gift-cards", **{"from": "2026-01-01", "to": "2026-01-31"})

    multi, single = cards["gift_cards"]
    assert (multi["purpose"], multi["sold"], multi["paid"], multi["closing"]) == (
        "multi_purpose", "50.00", "20.00", "30.00",
    )  # fmt: skip
    assert (single["purpose"], single["sold"], single["tax_due"]) == (
        "single_purpose", "121.00", "21.00",
    )  # fmt: skip
    assert [each["code"] for each in cards["statements"]] == ["tax_when_sold", "tax_when_paid"]
    journal = report(shop, "journal", **{"from": "2026-01-01"})
    assert entered(journal)["cards_sold", "gift_cards"] == ("0.00", "171.00")
    assert entered(journal)["cards_paid", "gift_card_sales"] == ("0.00", "20.00")
    assert_ties(journal)


def test_nothing_at_all_is_told_as_nothing(opens_shop):
    shop = opens_shop(POINTS, sandbox=True)

    assert owed(shop)["deferred"] == "0.00"
    assert report(shop, "journal")["lines"] == []
    assert rolled(shop)["closing"] == 0
    assert report(shop, "gift-cards")["gift_cards"] == []
