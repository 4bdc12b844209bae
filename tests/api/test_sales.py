"""Sales over HTTP."""

from __future__ import annotations


def test_a_sale_earns_by_the_programs_rule_and_says_why(shop):
    shop.enrols("ana")

    sold = shop.sells("6.20", to="ana")

    assert sold["earned"] == {"points": 6}
    assert sold["explanation"] == [
        {"rule": "base", "unit": "points", "points": 6, "text": "1 punto por cada 1,00 € de 6,20 €"}
    ]
    assert shop.balance("ana") == 6
