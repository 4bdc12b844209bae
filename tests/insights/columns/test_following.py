"""The columns hold what happened, line by line and point by point."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

from fiel.insights.columns.opening import columns_of_copy
from tests.scenarios.people import adjusts, erases, merges, unmerges
from tests.support.program import CAFE_SOL


def test_a_sale_is_copied_with_its_lines_its_margin_and_what_it_earned(shop, followed):
    shop.enrols("ana")
    body = {
        "external_id": "T-1",
        "source": "till",
        "member": shop.members["ana"],
        "occurred_at": "2026-03-01T23:30:00Z",
        "store": "sol",
        "channel": "shop",
        "lines": [
            {"sku": "C1", "name": "Coffee", "category": "drinks", "quantity": 2,
             "unit_price": "1.255", "discount": "0.01", "tax": "0.25", "cost": "0.90"},
            {"quantity": "0.5", "unit_price": "9.99", "cost": "2"},
            {"category": "Gift-Card", "quantity": 1, "unit_price": "50"},
        ],
        "shipping": "3.90",
    }  # fmt: skip
    assert shop.http.post("/sales", json=body).status_code == 201

    refreshed = followed.refresh()

    assert refreshed.rebuilt
    [sale] = followed.rows("sales")
    [member] = followed.rows("members")
    # 2 × 1.255 − 0.01 = 2.50; 0.5 × 9.99 = 4.995, which is 5.00
    assert (sale["net"], sale["gross"], sale["shipping"]) == (750, 775, 390)
    assert sale["margin"] == 750 - 90 - 200
    assert (sale["items"], sale["lines"]) == (Decimal("2.5"), 3)
    assert sale["day"] == date(2026, 3, 2)  # in Madrid
    assert (sale["store"], sale["channel"], sale["external_id"]) == ("sol", "shop", "T-1")
    assert sale["member"] == sale["recorded_for"] == member["member"] == 1
    assert member["member_id"] == shop.members["ana"]
    assert (member["spend"], member["visits"]) == (750, 1)
    lines = sorted(followed.rows("lines"), key=lambda line: line["number"])
    assert [(line["net"], line["gross"], line["discount"], line["cost"]) for line in lines] == [
        (250, 275, 1, 90), (500, 500, 0, 200), (5000, 5000, 0, None),
    ]  # fmt: skip
    assert [line["kind"] for line in lines] == ["goods", "goods", "gift_card"]
    assert (lines[0]["sku"], lines[0]["name"], lines[0]["category"]) == ("C1", "Coffee", "drinks")
    assert lines[1]["quantity"] == Decimal("0.5")
    [award] = followed.rows("awards")
    assert (award["rule"], award["unit"], award["points"], award["sale"]) == (
        "base", "points", 7, sale["sale"],
    )  # fmt: skip
    [movement] = followed.rows("movements")
    assert (movement["debit"], movement["credit"], movement["points"]) == (10, 1, 7)
    assert (movement["kind"], movement["store"], movement["sale"]) == ("sale", "sol", 1)
    [lot] = followed.rows("lots")
    assert (lot["points"], lot["drawn"], lot["worth"], lot["day"]) == (
        7, 0, "0.01", date(2026, 3, 2),
    )  # fmt: skip
    [enrolment] = followed.rows("activities")
    assert enrolment["kind"] == "enrolment"


def test_what_is_sold_later_is_added_and_a_refresh_of_nothing_changes_nothing(shop, followed):
    shop.enrols("ana")
    shop.sells("10.00", to="ana")
    followed.refresh()

    shop.sells("20.00", to="ana")
    shop.sells("5.00")
    second = followed.refresh()
    third = followed.refresh()

    assert (second.rebuilt, third.rebuilt) == (False, False)
    sales = followed.rows("sales")
    assert [(sale["sale"], sale["member"], sale["net"]) for sale in sales] == [
        (1, 1, 1000), (2, 1, 2000), (3, None, 500),
    ]  # fmt: skip
    assert [member["spend"] for member in followed.rows("members")] == [3000]
    assert second.rows == third.rows
    assert third.as_of > second.as_of


def test_who_stood_at_the_till_is_kept_with_sales_returns_and_redemptions(opens_shop, follows):
    shop = opens_shop(CAFE_SOL + "rewards:\n  - {id: cafe, kind: product, price: {points: 5}}\n")
    shop.enrols("ana")
    sale = shop.sells("10.00", to="ana", cashier="c-7")
    body = {"member": shop.members["ana"], "reward": "cafe", "cashier": "c-8"}
    assert shop.http.post("/redemptions", json=body).status_code == 201
    told = {"amount": "4.00", "cashier": "c-9", "reason": "cold"}
    assert shop.http.post(f"/sales/{sale['id']}/returns", json=told).status_code == 201
    shop.sells("10.00")

    followed = follows(shop)
    followed.refresh()

    assert [sold["cashier"] for sold in followed.rows("sales")] == ["c-7", ""]
    [back] = followed.rows("returns")
    assert (back["cashier"], back["net"], back["sale"], back["member"]) == ("c-9", 400, 1, 1)
    assert "cold" not in back["content"]
    [redeemed] = [told for told in followed.rows("activities") if told["kind"] == "redemption"]
    assert json.loads(redeemed["properties"])["cashier"] == "c-8"
    [redemption] = followed.rows("redemptions")
    assert (redemption["reward"], redemption["points"], redemption["status"]) == ("cafe", 5, "held")


def test_a_merged_members_past_is_the_survivors_until_they_part(shop, followed):
    for name in ("ana", "anita"):
        shop.enrols(name)
        shop.sells("10.00", to=name)
    followed.refresh()
    apart = [sale["member"] for sale in followed.rows("sales")]

    assert merges(shop, "anita", into="ana").status_code == 200
    merged = followed.refresh()
    together = followed.rows("sales", "member", "recorded_for")
    people = followed.rows("members", "member", "status")
    assert unmerges(shop, "anita").status_code == 200
    followed.refresh()

    assert apart == [1, 2]
    assert not merged.rebuilt
    assert together == [{"member": 1, "recorded_for": 1}, {"member": 1, "recorded_for": 2}]
    assert people == [{"member": 1, "status": "active"}]
    assert [sale["member"] for sale in followed.rows("sales")] == [1, 2]
    assert len(followed.rows("members")) == 2


def test_a_claimed_sale_is_the_members(shop, followed):
    shop.enrols("ana")
    sale = shop.sells("10.00")
    followed.refresh()
    nobodys = followed.rows("sales", "member", "recorded_for")

    claim = {"member": shop.members["ana"]}
    assert shop.http.post(f"/sales/{sale['id']}/claim", json=claim).status_code == 200
    followed.refresh()

    assert nobodys == [{"member": None, "recorded_for": None}]
    assert followed.rows("sales", "member", "recorded_for") == [{"member": 1, "recorded_for": None}]
    [award] = followed.rows("awards")
    assert (award["kind"], award["sale"], award["member"], award["points"]) == ("claim", 1, 1, 10)


def test_who_is_erased_leaves_no_trace_in_any_file(shop, followed):
    shop.enrols("ana", birthday="1990-05-17", attributes={"barrio": "Malasaña"})
    line = {"name": "Anillo grabado A y B", "quantity": 1, "unit_price": "10"}
    sale = shop.sells("10.00", to="ana", lines=[line])
    told = {"properties": {"texto": "vivo en la calle Pez"}, "type": "review"}
    shop.http.post("/activities", json=told | {"member": shop.members["ana"]})
    shop.http.post(f"/sales/{sale['id']}/returns", json={"full": True, "reason": "me separé"})
    adjusts(shop, "ana", 5, "por su boda")
    for price in ("1.00", "2.00"):  # in files of their own
        followed.refresh()
        shop.sells(price)
    followed.refresh()
    secrets = [text.encode() for text in ("Anillo", "calle Pez", "Malasaña")]
    before = followed.bytes(plain=True)
    assert all(secret in before for secret in secrets)
    sums = sorted(followed.rows("sales", "sale", "net", "member"), key=repr)

    assert erases(shop, "ana").status_code == 200
    followed.refresh()

    after = followed.bytes(plain=True)
    assert not any(secret in after for secret in (*secrets, b"boda", b"separ"))
    [member] = followed.rows("members")
    assert (member["status"], member["birthday"], member["attributes"]) == ("erased", None, "{}")
    assert sorted(followed.rows("sales", "sale", "net", "member"), key=repr) == sums


def test_whoever_reads_keeps_its_files_while_others_refresh(shop, followed):
    shop.enrols("ana")
    shop.sells("10.00", to="ana")
    followed.refresh()

    with columns_of_copy(followed.copy) as columns:
        for _ in range(3):
            shop.sells("10.00", to="ana")
            followed.refresh()
        assert columns["sales"].count().execute() == 1
        assert columns["members"].spend.sum().execute() == 1000

    followed.refresh()
    assert columns_count(followed) == 4
    assert len(list(followed.copy.glob("generation-*"))) == 1
    assert len(list(followed.copy.glob("sales-*.parquet"))) <= 3


def columns_count(followed):
    with columns_of_copy(followed.copy) as columns:
        return columns["sales"].count().execute()


def test_columns_that_are_fresh_enough_are_not_refreshed(shop, followed):
    shop.sells("10.00")
    first = followed.refresh()
    shop.sells("10.00")

    second = followed.refresh(at_most=timedelta(minutes=5))

    assert second.as_of == first.as_of
    assert followed.refresh().rows["sales"] == 2


def test_columns_of_another_database_or_of_other_zones_are_made_anew(shop, followed):
    shop.sells("10.00", occurred_at="2026-03-01T23:30:00Z")
    followed.refresh()
    assert followed.rows("sales", "day") == [{"day": date(2026, 3, 2)}]

    shop.publishes(CAFE_SOL.replace("Europe/Madrid", "Atlantic/Canary"))
    moved = followed.refresh()

    assert moved.rebuilt
    assert followed.rows("sales", "day") == [{"day": date(2026, 3, 1)}]
