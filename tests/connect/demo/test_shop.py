"""The demo's year says what the data says."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice, pairwise

import pytest

from fiel.connect.demo.purchases import ZONE, Purchases, load_purchases, moved, weeks_until
from fiel.connect.demo.shop import Enrolment, Purchase, happenings, sale_content


@pytest.fixture(scope="module")
def purchases() -> Purchases:
    return load_purchases()


def test_the_whole_year_is_there(purchases: Purchases) -> None:
    assert len(purchases.baskets) == 155_848
    assert purchases.line_count == 1_469_307
    assert purchases.baskets[-1].last == purchases.line_count
    assert len({basket.household for basket in purchases.baskets}) == 2_469
    assert len({basket.store for basket in purchases.baskets}) == 457


def test_every_line_comes_to_what_the_shop_received_for_it(purchases: Purchases) -> None:
    total = 0
    for basket in islice(purchases.baskets, 0, None, 11):
        content = sale_content(basket, purchases.lines(basket), basket.bought_at)
        lines = content["lines"]
        assert isinstance(lines, list)
        for told, line in zip(lines, purchases.lines(basket), strict=True):
            value = Decimal(told["unit_price"]) * Decimal(told["quantity"])
            shelf = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert (shelf - Decimal(told.get("discount", "0"))) * 100 == line.net
            total += line.net
    assert total > 0


def test_fuel_is_bought_by_the_gallon(purchases: Purchases) -> None:
    fuel = [
        line
        for basket in islice(purchases.baskets, 20_000)
        for line in purchases.lines(basket)
        if line.product.category == "fuel"
    ]

    with_volume = [line for line in fuel if line.volume is not None]
    assert len(with_volume) > 1000
    for line in with_volume:
        assert line.volume is not None
        # Dollars a gallon, in 2017: between one and a half and four.
        assert 1.5 < (line.net + line.discount) / 100 / (line.volume / 1000) < 4
        assert line.quantity == 1


def test_tobacco_and_gift_cards_are_told_apart(purchases: Purchases) -> None:
    categories = Counter(
        line.product.category
        for basket in islice(purchases.baskets, 20_000)
        for line in purchases.lines(basket)
    )

    assert {"tobacco", "gift-card", "produce", "fuel", "grocery"} <= set(categories)


def test_the_year_ends_within_a_week_before_the_day_it_is_made(purchases: Purchases) -> None:
    today = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    weeks = weeks_until(today, purchases)
    latest = moved(purchases.baskets[-1].bought_at, weeks)

    assert today - timedelta(weeks=1, hours=2) < latest < today + timedelta(hours=2)


def test_a_moved_purchase_keeps_its_weekday_and_its_time_on_the_clock() -> None:
    bought = datetime(2017, 7, 3, 22, 30, tzinfo=UTC)  # a Monday, 18:30 in New York

    later = moved(bought, 463).astimezone(ZONE)

    assert (later.weekday(), later.hour, later.minute) == (0, 18, 30)


def test_it_all_happens_in_order_and_nobody_buys_before_joining(purchases: Purchases) -> None:
    joined: set[object] = set()
    instants = []
    for happening in happenings(purchases, weeks=463):
        instants.append(happening.at.timestamp())
        match happening:
            case Enrolment(content=content):
                assert content["external_id"] not in joined
                joined.add(content["external_id"])
            case Purchase(content={"member": {"external_id": household}}):
                assert household in joined
    assert all(before <= after for before, after in pairwise(instants))
    assert len(instants) == 155_848 + 2_469


def test_it_is_the_same_every_time(purchases: Purchases) -> None:
    once = list(islice(happenings(purchases, weeks=463), 500))

    assert list(islice(happenings(purchases, weeks=463), 500)) == once
