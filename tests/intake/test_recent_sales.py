"""What the latest purchases name, for forms to offer."""

from datetime import UTC, datetime
from decimal import Decimal

from fiel.domain.activity import Line, LineKind, Sale
from fiel.intake.recent_sales import Product, trade_of


def bought(*skus, store="centro", channel="pos"):
    lines = tuple(
        Line(number, sku, "", "cafe", LineKind.GOODS, 1, Decimal("3.10"), 310, 310, 310)
        for number, sku in enumerate(skus, start=1)
    )
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Sale(at, store, channel, lines, 0, 310, 310, len(lines))


def test_the_most_frequent_come_first():
    trade = trade_of([bought("A", "B"), bought("B", store="norte"), bought("B", store="norte")])
    assert trade.products == (Product("B", "", "cafe", "3.10"), Product("A", "", "cafe", "3.10"))
    assert trade.stores == ("norte", "centro")
    assert (trade.categories, trade.channels) == (("cafe",), ("pos",))


def test_what_has_no_name_is_not_offered():
    trade = trade_of([bought("", store="", channel="")])
    assert (trade.products, trade.stores, trade.channels) == ((), (), ())
