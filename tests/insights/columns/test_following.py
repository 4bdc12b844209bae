"""The columns hold what happened, line by line and point by point."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


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
