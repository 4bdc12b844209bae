"""Hard cases 28 to 32, 29 at both roundings, and 44: what a sale earns."""

from __future__ import annotations

import pytest

from tests.support.program import CAFE_SOL

GOODS = {"quantity": 1, "unit_price": "100.00", "discount": "10.00", "tax": "18.90"}
GIFT_CARD = {"category": "gift_card", "quantity": 1, "unit_price": "50.00"}
TIERS = """
tiers:
  by: spend
  window: 12 months
  downgrade: never
  levels:
    - {id: bronce, from: 0}
    - {id: plata, from: 500, multiply: 1.5}
"""


def test_28_discount_comes_off_and_shipping_and_gift_cards_do_not_earn(opens_shop):
    before_tax = opens_shop()
    after_tax = opens_shop(
        CAFE_SOL.replace("cafe-sol", "cafe-luna").replace('"1.00"}', '"1.00"}, of: gross')
    )
    for shop, points in ((before_tax, 90), (after_tax, 108)):
        shop.enrols("ana")
        sold = shop.sells("0", to="ana", lines=[GOODS, GIFT_CARD], shipping="5.00")
        assert (sold["net"], sold["gross"], sold["earned"]) == (
            "90.00",
            "108.90",
            {"points": points},
        )


def test_28_they_earn_where_the_program_says_so(opens_shop):
    shop = opens_shop(
        CAFE_SOL.replace('per: "1.00"}', 'per: "1.00"}, include: [gift_cards, shipping]')
    )
    shop.enrols("ana")

    sold = shop.sells("0", to="ana", lines=[GOODS, GIFT_CARD], shipping="5.00")

    assert sold["earned"] == {"points": 90 + 50 + 5}


@pytest.mark.parametrize(("round_per", "points"), [("line", 0), ("sale", 1)])
def test_29_three_lines_of_half_a_euro(opens_shop, round_per, points):
    shop = opens_shop(
        CAFE_SOL.replace('    value: "0.01"\n', f'    value: "0.01"\n    round_per: {round_per}\n')
    )
    shop.enrols("ana")

    sold = shop.sells("0", to="ana", lines=[{"quantity": 1, "unit_price": "0.50"}] * 3)

    assert sold["earned"] == {"points": points}
    assert shop.balance("ana") == points


@pytest.mark.parametrize(
    ("currency", "price", "per"), [("CLP", "990", "990"), ("PYG", "7500", "7500")]
)
def test_30_a_currency_without_cents(opens_shop, currency, price, per):
    shop = opens_shop(
        CAFE_SOL.replace("EUR", currency).replace('"0.01"', '"10"').replace('"1.00"', f'"{per}"')
    )
    shop.enrols("ana")

    sold = shop.sells(price, to="ana")

    assert (sold["net"], sold["earned"]) == (price, {"points": 1})
    refused = shop.http.post("/sales", json=shop.sale("990", to="ana", shipping="0.50"))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "shipping")


def test_31_a_sale_in_dollars_is_counted_at_the_rate_it_brought(shop):
    shop.enrols("ana")

    sold = shop.sells("100.00", to="ana", currency="USD", exchange_rate="0.9137")

    assert (sold["net"], sold["earned"]) == ("91.37", {"points": 91})
    kept = shop.http.get(f"/sales/{sold['id']}").json()
    assert (kept["net"], kept["earned"]) == ("91.37", {"points": 91})


@pytest.mark.parametrize(("stacking", "points"), [("multiply", 300), ("add", 250), ("best", 200)])
def test_32_tier_and_promotion_combine_as_the_program_declares(opens_shop, stacking, points):
    promotion = '  - {id: doble, event: sale, multiply: 2, where: line.category == "cafe"}\n'
    shop = opens_shop(CAFE_SOL + promotion + TIERS + f"stacking: {stacking}\n")
    shop.enrols("ana")
    shop.sells("500.00", to="ana")  # plata

    sold = shop.sells(
        "0", to="ana", lines=[{"category": "cafe", "quantity": 1, "unit_price": "100.00"}]
    )

    assert sold["earned"] == {"points": points}
    assert sum(line["points"] for line in sold["explanation"]) == points
    assert any("2" in line["text"] and "doble" in line["rule"] for line in sold["explanation"])


def test_44_a_threshold_is_reached_at_exactly_its_value(opens_shop):
    shop = opens_shop(CAFE_SOL + TIERS)
    shop.enrols("ana")

    below = shop.sells("499.99", to="ana")["tier"]
    at = shop.sells("0.01", to="ana")["tier"]

    assert (below["id"], below["next"]) == ("bronce", {"id": "plata", "missing": "0.01"})
    assert (at["id"], at["next"]) == ("plata", None)
